import { expect, test } from "vitest";
import { formatTicks } from "./formatTick";
import { labelledSplits, logSplits } from "./logTicks";

function labels(min: number, max: number): number[] {
  return [...labelledSplits(logSplits(min, max))];
}

test("a logarithmic axis is divided at integer multiples of powers of ten", () => {
  expect(logSplits(0.5, 30)).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30]);
  expect(logSplits(1, 1)).toEqual([1]);
});

test("powers of ten are labelled; more labels on a short axis, fewer on a long one", () => {
  expect(labels(0.01, 10)).toEqual([0.01, 0.1, 1, 10]);
  expect(labels(4096, 262144)).toEqual([5000, 10_000, 20_000, 50_000, 100_000, 200_000]);
  expect(labels(6.5, 9.5)).toEqual([7, 8, 9]);
  expect(labels(1, 1e14)).toEqual([1, 1000, 1e6, 1e9, 1e12]);
});

test("the numbers of an axis are short and in one notation", () => {
  expect([
    formatTicks([0, 0.25, 5000], "en"),
    formatTicks([0, 5000, 10_000, 15_000], "en"),
    formatTicks([0, 5000, 10_000, 15_000], "zh"),
    formatTicks([-1_500_000, 500_000, null], "en"),
    formatTicks([0, 5e-5, -1e-4], "en"),
  ]).toEqual([
    ["0", "0.25", "5000"],
    ["0", "5K", "10K", "15K"],
    ["0", "0.5万", "1万", "1.5万"],
    ["−1.5M", "0.5M", ""],
    ["0", "5e−5", "−1e−4"],
  ]);
});

test("on a logarithmic axis, each power of ten has its own unit, and small ones have exponents", () => {
  expect([
    formatTicks([100, 1000, 10_000, 1e6], "en", true),
    formatTicks([100, 1000, 10_000, 1e6], "zh", true),
    formatTicks([1e-5, 1e-3, 0.1, 1, null], "en", true),
    formatTicks([0.01, 0.1, 1, 10], "en", true),
  ]).toEqual([
    ["100", "1K", "10K", "1M"],
    ["100", "1000", "1万", "100万"],
    ["1e−5", "1e−3", "1e−1", "1", ""],
    ["0.01", "0.1", "1", "10"],
  ]);
});
