import { describe, expect, test } from "vitest";
import { chooseFormat, formatNumber, formatWith, parseNumber } from "./formatNumber";

describe("chooseFormat", () => {
  const write = (values: number[]) => values.map((value) => formatWith(value, chooseFormat(values)));

  test("integers have no decimals", () => expect(write([0, 1, -12])).toEqual(["0", "1", "−12"]));
  test("fractions share the number of decimals that suits the largest", () =>
    expect(write([0.5, -0.0123, 1.25])).toEqual(["0.500", "−0.012", "1.250"]));
  test("small weights keep four digits of the largest", () =>
    expect(write([0.0511, -0.0123])).toEqual(["0.05110", "−0.01230"]));
  test("very large and very small magnitudes have an exponent", () => {
    expect(write([3.5e9, 1.5e8])).toEqual(["3.500e+9", "1.500e+8"]);
    expect(write([3.5e-7])).toEqual(["3.500e−7"]);
  });
  test("a single huge value has its own exponent, and the others keep their digits", () => {
    expect(write([50000, 0.0123, -0.0511])).toEqual(["5.000e+4", "0.01230", "−0.05110"]);
    expect(write([0.5, -0.25, 1e30, 0])).toEqual(["0.5000", "−0.2500", "1.000e+30", "0.0000"]);
    expect(write([20, 0.0123, 0.0511])).toEqual(["20.00000", "0.01230", "0.05110"]);
    expect(write([3.5e9, 1, 2])).toEqual(["3.500e+9", "1", "2"]);
  });
  test("a single small value among larger ones changes nothing", () => {
    expect(write([50000.5, 40000, 0.0123])).toEqual(["50000.5", "40000.0", "0.0"]);
    expect(write([0.98, 0.00001, 0.00002])).toEqual(["0.9800", "0.0000", "0.0000"]);
  });
  test("a single value among many zeros is shown with its own digits", () => {
    const values = new Array<number>(100_000).fill(0);
    values[7] = 1234.5;
    expect(formatWith(1234.5, chooseFormat(values))).toBe("1234.5");
  });
  test("values that are not finite neither widen nor hide the others", () =>
    expect(write([NaN, Infinity, -Infinity, 0.5])).toEqual(["NaN", "∞", "−∞", "0.5000"]));
});

test("a single number has four significant digits", () => {
  expect([0, 42, 0.1234567, -1234.5678, 1e-9, 2.5e12, NaN].map(formatNumber)).toEqual([
    "0",
    "42",
    "0.1235",
    "−1235",
    "1.000e−9",
    "2.500e+12",
    "NaN",
  ]);
});

test("parseNumber accepts what people type and rejects everything else", () => {
  expect(["42", " -0.5 ", "−3", "1e-3", ".5", "inf", "-Infinity", "nan"].map(parseNumber)).toEqual([
    42,
    -0.5,
    -3,
    0.001,
    0.5,
    Infinity,
    -Infinity,
    NaN,
  ]);
  expect(["", "x", "1,5", "0x10", "1e", "--1"].map(parseNumber)).toEqual(Array(6).fill(undefined));
});
