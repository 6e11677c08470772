import { expect, test } from "vitest";
import type { FileArray } from "../fileFormat";
import { fileDTypes } from "./fileDTypes";
import { dtypeTitle, numbersOf } from "./fileNumbers";

const shown = (dtype: string, data: FileArray) => {
  const numbers = numbersOf({ dtype, shape: [data.length], data });
  return numbers && Array.from(numbers);
};

test("numbers have the precision of the file, not that of a device", () => {
  expect(shown("F64", Float64Array.of(0.1, 1e300))).toEqual([0.1, 1e300]);
  expect(shown("I64", BigInt64Array.of(-3n, 2n ** 40n))).toEqual([-3, 2 ** 40]);
  expect(shown("U64", BigUint64Array.of(2n ** 64n - 1n))).toEqual([2 ** 64]);
  expect(shown("U32", Uint32Array.of(2 ** 32 - 1))).toEqual([2 ** 32 - 1]);
  expect(shown("BOOL", Uint8Array.of(0, 1))).toEqual([0, 1]);
});

test("small floats are decoded", () => {
  expect(shown("F16", Uint16Array.of(0x3c00, 0x8000, 0x7e00))).toEqual([1, -0, NaN]);
  expect(shown("BF16", Uint16Array.of(0x3f80))).toEqual([1]);
  expect(shown("F8_E4M3", Uint8Array.of(0x38))).toEqual([1]);
});

test("dtypes without a decoder have no numbers", () => {
  const without = [...fileDTypes].filter(
    ([dtype, { arrayType }]) => !shown(dtype, new arrayType(new ArrayBuffer(8), 0, 1)),
  );
  expect(without.map(([dtype]) => dtype)).toEqual([
    "F4",
    "F6_E2M3",
    "F6_E3M2",
    "F8_E8M0",
    "F8_E4M3FNUZ",
    "F8_E5M2FNUZ",
    "C64",
  ]);
});

test("dtypes have NumPy's names", () => {
  const titles = ["BOOL", "F64", "BF16", "I32", "U8", "C64", "F8_E4M3"].map(dtypeTitle);
  expect(titles).toEqual(["bool", "float64", "bfloat16", "int32", "uint8", "complex64", "float8_e4m3"]);
});
