import { expect, test } from "vitest";
import { formatTick } from "./formatTick";
import { labelledSplits, logSplits } from "./logTicks";

function labels(min: number, max: number): number[] {
  return [...labelledSplits(logSplits(min, max))];
}

test("a logarithmic axis is divided at whole multiples of powers of ten", () => {
  expect(logSplits(0.5, 30)).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30]);
  expect(logSplits(1, 1)).toEqual([1]);
});

test("powers of ten are labelled; on a short axis more, on a long one fewer", () => {
  expect(labels(0.01, 10)).toEqual([0.01, 0.1, 1, 10]);
  expect(labels(4096, 262144)).toEqual([5000, 10_000, 20_000, 50_000, 100_000, 200_000]);
  expect(labels(6.5, 9.5)).toEqual([7, 8, 9]);
  expect(labels(1, 1e14)).toEqual([1, 1000, 1e6, 1e9, 1e12]);
});

test("a number at an axis is short", () => {
  expect([0, 0.25, 5000, 1e-5, -2e-7, 0.0001].map((value) => formatTick(value, "en"))).toEqual([
    "0",
    "0.25",
    "5000",
    "1e−5",
    "−2e−7",
    "0.0001",
  ]);
  expect([20_000, -1_500_000].map((value) => formatTick(value, "en"))).toEqual(["20K", "−1.5M"]);
  expect(formatTick(20_000, "zh")).toBe("2万");
  expect(formatTick(null, "en")).toBe("");
});
