import fc from "fast-check";
import { expect, test } from "vitest";
import { FormatError } from "../base/errors";
import { findFormat } from "./findFormat";
import { readIdx } from "./idx";
import * as formats from "./index";

function refusal(bytes: number[]): [string, number, string] {
  try {
    readIdx(Uint8Array.from(bytes));
  } catch (error) {
    if (error instanceof FormatError) return [error.code, error.offset, error.message];
    throw error;
  }
  throw new Error("was not refused");
}

test("reads a matrix of bytes, even from a view with an offset", () => {
  const bytes = Uint8Array.from([9, 0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255]).subarray(1);
  expect(readIdx(bytes)).toEqual({ dtype: "U8", shape: [2, 3], data: Uint8Array.from([1, 2, 3, 4, 5, 255]) });
});

test.each([
  [0x09, "I8", [0xff], Int8Array.of(-1)],
  [0x0b, "I16", [0xff, 0xfe], Int16Array.of(-2)],
  [0x0c, "I32", [0x00, 0x01, 0x00, 0x00], Int32Array.of(65536)],
  [0x0d, "F32", [0x3f, 0x80, 0x00, 0x00], Float32Array.of(1)],
  [0x0e, "F64", [0xc0, 0, 0, 0, 0, 0, 0, 0], Float64Array.of(-2)],
])("reads big-endian elements of type %i as %s", (code, dtype, element, data) => {
  expect(readIdx(Uint8Array.from([0, 0, code, 1, 0, 0, 0, 1, ...element]))).toEqual({ dtype, shape: [1], data });
});

test("reads a scalar and an empty array", () => {
  expect(readIdx(Uint8Array.from([0, 0, 8, 0, 7]))).toEqual({ dtype: "U8", shape: [], data: Uint8Array.of(7) });
  expect(readIdx(Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 0]))).toEqual({
    dtype: "U8",
    shape: [0],
    data: new Uint8Array(),
  });
});

test.each<[string, number[], [string, number, string]]>([
  ["an empty file", [], ["E_TRUNC", 0, "The file has 0 bytes; an IDX file has at least 4."]],
  ["another file", [0x89, 0x50, 0x4e, 0x47], ["E_MAGIC", 0, "An IDX file begins with two zero bytes."]],
  ["an unknown element type", [0, 0, 10, 0], ["E_DTYPE", 2, "IDX has no element type 10."]],
  ["too many axes", [0, 0, 8, 9], ["E_SHAPE", 3, "The file has 9 axes; at most 8 are read."]],
  ["a list of lengths cut off", [0, 0, 8, 1, 0], ["E_TRUNC", 5, "The file ends within its list of lengths."]],
  [
    "sizes that are cut off",
    [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1],
    ["E_TRUNC", 13, "[4294967295, 4294967295] of U8 takes 18446744065119617000 bytes, 1 are there."],
  ],
  ["bytes too many", [0, 0, 8, 0, 1, 2], ["E_COVERAGE", 5, "1 bytes follow after the last element."]],
])("refuses %s", (_, bytes, expected) => {
  expect(refusal(bytes)).toEqual(expected);
});

test("any bytes are read or refused with a FormatError", () => {
  const near = fc.tuple(fc.constantFrom(8, 9, 11, 12, 13, 14), fc.nat(9), fc.uint8Array({ maxLength: 50 }));
  fc.assert(
    fc.property(near, ([code, rank, rest]) => {
      try {
        readIdx(Uint8Array.from([0, 0, code, rank, ...rest]));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});

test("a format is found by its extension, and no two formats share one", () => {
  const { idx, safetensors } = formats;
  const names = ["a/mlp.params", "MLP.SAFETENSORS", "train-images-idx3-ubyte", "x.idx", "x.txt", "params"];
  expect(names.map(findFormat)).toEqual([safetensors, safetensors, idx, idx, undefined, undefined]);
  const extensions = Object.values(formats).flatMap((format) => format.extensions);
  expect(new Set(extensions).size).toBe(extensions.length);
});
