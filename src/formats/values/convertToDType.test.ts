import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { FileArray } from "../fileFormat";
import { convertToDType } from "./convertToDType";
import { decodeFloat } from "./smallFloats";

function convert(dtype: string, data: FileArray) {
  return convertToDType({ dtype, shape: [data.length], data }, 'The tensor "w"');
}

describe("conversion for devices", () => {
  test("F32, I32 and BOOL are not copied", () => {
    const float = new Float32Array([1, 2]);
    const int = new Int32Array([1, 2]);
    const bool = new Uint8Array([0, 1]);
    expect(convert("F32", float)).toEqual({ data: float, dtype: "float32" });
    expect(convert("F32", float).data).toBe(float);
    expect(convert("I32", int).data).toBe(int);
    expect(convert("BOOL", bool)).toEqual({ data: bool, dtype: "bool" });
    expect(convert("BOOL", bool).data).toBe(bool);
  });

  test("NaN and infinities are loaded and counted in the note", () => {
    const data = new Float32Array([NaN, 1, -Infinity, NaN]);
    expect(convert("F32", data)).toEqual({ data, dtype: "float32", note: "contains 2 NaN and 1 infinite values" });
  });

  test("F64 is rounded to nearest, and overflows are counted", () => {
    expect(convert("F64", new Float64Array([0.1, -2, 1e39, -1e300]))).toEqual({
      data: new Float32Array([Math.fround(0.1), -2, Infinity, -Infinity]),
      dtype: "float32",
      note: "F64 was rounded to float32, 2 beyond its range became infinite; contains 0 NaN and 2 infinite values",
    });
  });

  test.each<[string, number[], number[]]>([
    // From the definitions of the formats: largest, smallest normal, smallest subnormal, one, -0, infinity, NaN.
    [
      "F16",
      [0x7bff, 0x0400, 0x0001, 0x3c00, 0x8000, 0xfc00, 0x7e00],
      [65504, 2 ** -14, 2 ** -24, 1, -0, -Infinity, NaN],
    ],
    [
      "BF16",
      [0x7f7f, 0x0080, 0x0001, 0x3f80, 0x8000, 0xff80, 0x7fc0],
      [(2 - 2 ** -7) * 2 ** 127, 2 ** -126, 2 ** -133, 1, -0, -Infinity, NaN],
    ],
    ["F8_E5M2", [0x7b, 0x04, 0x01, 0x3c, 0x80, 0xfc, 0x7e], [57344, 2 ** -14, 2 ** -16, 1, -0, -Infinity, NaN]],
    ["F8_E4M3", [0x7e, 0x08, 0x01, 0x38, 0x80, 0xff, 0x7f], [448, 2 ** -6, 2 ** -9, 1, -0, NaN, NaN]],
  ])("%s is widened exactly", (dtype, bits, expected) => {
    const data = dtype.startsWith("F8") ? Uint8Array.from(bits) : Uint16Array.from(bits);
    const { data: values, dtype: result, note } = convert(dtype, data);
    expect([...values].every((value, i) => Object.is(value, expected[i]))).toBe(true);
    expect(result).toBe("float32");
    expect(note).toMatch(new RegExp(`^${dtype} was widened to float32; contains \\d NaN and \\d infinite values$`));
  });

  test.each<[string, FileArray]>([
    ["I8", new Int8Array([-128, 127])],
    ["U8", new Uint8Array([0, 255])],
    ["I16", new Int16Array([-32768, 32767])],
    ["U16", new Uint16Array([0, 65535])],
    ["U32", new Uint32Array([0, 2147483647])],
    ["I64", new BigInt64Array([-2147483648n, 2147483647n])],
    ["U64", new BigUint64Array([0n, 2147483647n])],
  ])("%s becomes int32", (dtype, data) => {
    expect(convert(dtype, data)).toEqual({
      data: Int32Array.from(data, Number),
      dtype: "int32",
      note: `${dtype} was converted to int32`,
    });
  });
});

describe("values that devices cannot represent are refused with their place", () => {
  test.each<[string, FileArray, string]>([
    ["U32", new Uint32Array([1, 2147483648]), "2147483648 at index 1 (U32)"],
    ["I64", new BigInt64Array([-2147483649n]), "-2147483649 at index 0 (I64)"],
    ["U64", new BigUint64Array([2n ** 64n - 1n]), "18446744073709551615 at index 0 (U64)"],
  ])("%s beyond int32", (dtype, data, got) => {
    expect(() => convert(dtype, data)).toThrow(
      `The tensor "w": expected integers from -2147483648 to 2147483647, got ${got}. ` +
        "Convert it to F32 or to smaller integers in the program that wrote the file.",
    );
  });

  test.each(["F4", "F6_E2M3", "F6_E3M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"])("%s", (dtype) => {
    expect(() => convert(dtype, new Uint8Array(2))).toThrow(
      `The tensor "w": expected a dtype that devices support, got ${dtype}. ` +
        "Convert it to F32 in the program that wrote the file.",
    );
  });
});

function numpyHalves(): Float32Array | undefined {
  const script =
    "import sys, numpy as np; sys.stdout.buffer.write(np.arange(65536, dtype='u2').view('f2').astype('<f4').tobytes())";
  try {
    const bytes = execFileSync("/usr/bin/python3", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
    return new Float32Array(new Uint8Array(bytes).buffer);
  } catch {
    return undefined;
  }
}

const halves = numpyHalves();
test.skipIf(!halves)(`all 65,536 float16 agree with NumPy${halves ? "" : " (no python3-numpy here)"}`, () => {
  const ours = Array.from({ length: 65536 }, (_, bits) => decodeFloat(bits, 5, 10));
  expect(ours.findIndex((value, i) => !Object.is(value, halves![i]))).toBe(-1);
});
