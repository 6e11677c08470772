import { expect, test } from "vitest";
import { timeRuns } from "./timeRuns";

/** A clock that shows whole milliseconds only. */
function coarse(millisecondsOfOne: number, overhead = 0) {
  const asked: number[] = [];
  const measure = (runs: number) => {
    asked.push(runs);
    return Math.floor(overhead + runs * millisecondsOfOne);
  };
  return { asked, measure };
}

test("what is too short for the clock is measured in many runs", async () => {
  const { measure, asked } = coarse(0.01);
  const { milliseconds, runs } = await timeRuns(measure);
  expect(runs).toBeGreaterThanOrEqual(400);
  expect(milliseconds).toBeGreaterThan(0.007);
  expect(milliseconds).toBeLessThanOrEqual(0.01);
  expect(Math.max(...asked)).toBeLessThanOrEqual(4096);
});

test("what takes long is run twice, and a clock that stands still ends", async () => {
  const long = coarse(500);
  expect(await timeRuns(long.measure)).toEqual({ milliseconds: 500, runs: 1 });
  expect(long.asked).toEqual([1, 1]);
  expect(await timeRuns(() => 0)).toEqual({ milliseconds: 0, runs: 4096 });
});

test("the least of the measurements counts", async () => {
  const times = [9, 8, 5, 7];
  expect(await timeRuns(() => times.shift()!)).toEqual({ milliseconds: 5, runs: 1 });
});
