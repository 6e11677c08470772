import { describe, expect, test } from "vitest";
import { chooseFormat, formatNumber, formatWith, parseNumber } from "./formatNumber";

describe("chooseFormat", () => {
  const write = (values: number[]) => values.map((value) => formatWith(value, chooseFormat(values)));

  test("whole numbers have no decimals", () => expect(write([0, 1, -12])).toEqual(["0", "1", "−12"]));
  test("fractions share the decimals that show the largest", () =>
    expect(write([0.5, -0.0123, 1.25])).toEqual(["0.500", "−0.012", "1.250"]));
  test("small weights keep four digits of the largest", () =>
    expect(write([0.0511, -0.0123])).toEqual(["0.05110", "−0.01230"]));
  test("very large and very small magnitudes get an exponent", () => {
    expect(write([3.5e9, 1])).toEqual(["3.500e+9", "1.000e+0"]);
    expect(write([3.5e-7])).toEqual(["3.500e−7"]);
  });
  test("what is not finite neither widens nor hides the rest", () =>
    expect(write([NaN, Infinity, -Infinity, 0.5])).toEqual(["NaN", "∞", "−∞", "0.5000"]));
});

test("a number on its own has four significant digits", () => {
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

test("parseNumber takes what people type and refuses the rest", () => {
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
