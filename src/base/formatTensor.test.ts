import { expect, test } from "vitest";
import { formatTensor } from "./formatTensor";

test("a scalar is formatted as a number", () => {
  expect([formatTensor([], "float32", [0.5]), formatTensor([], "int32", [-3]), formatTensor([], "bool", [1])]).toEqual([
    "0.5000",
    "-3",
    "true",
  ]);
});

test("each row of the last axis is one line, and columns line up", () => {
  expect(formatTensor([2, 3], "float32", [1, -2.5, 30, 4, 5, 6])).toBe(
    "[[ 1.0000, -2.5000, 30.0000],\n [ 4.0000,  5.0000,  6.0000]]",
  );
});

test("outer axes are separated by an empty line", () => {
  expect(formatTensor([2, 1, 2], "int32", [1, 2, 3, 4])).toBe("[[[1, 2]],\n\n [[3, 4]]]");
});

test("all values have an exponent where fixed decimals would hide one", () => {
  expect(formatTensor([3], "float32", [1e-5, 1, 0])).toBe("[1.0000e-5, 1.0000e+0, 0.0000e+0]");
});

test("NaN and infinities line up with the numbers", () => {
  expect(formatTensor([3], "float32", [NaN, -Infinity, 0.25])).toBe("[      NaN, -Infinity,    0.2500]");
});

test("an empty axis is formatted as empty brackets", () => {
  expect([formatTensor([0], "float32", []), formatTensor([2, 0], "float32", [])]).toEqual(["[]", "[[],\n []]"]);
});

test("a large tensor shows only the edges of each axis", () => {
  const values = Array.from({ length: 2000 }, (_, index) => index);
  expect(formatTensor([2000], "int32", values)).toBe("[   0,    1,    2, ..., 1997, 1998, 1999]");
  const rows = formatTensor([100, 20], "int32", values).split("\n");
  expect([rows.length, rows[0], rows[3], rows[6]]).toEqual([
    7,
    "[[   0,    1,    2, ...,   17,   18,   19],",
    " ...,",
    " [1980, 1981, 1982, ..., 1997, 1998, 1999]]",
  ]);
});
