import { expect, test } from "vitest";
import { timeRuns } from "./timeRuns";

/** A clock with a resolution of one millisecond. */
function coarse(millisecondsOfOne: number, overhead = 0) {
  const asked: number[] = [];
  const measure = (runs: number) => {
    asked.push(runs);
    return Math.floor(overhead + runs * millisecondsOfOne);
  };
  return { asked, measure };
}

test("a run too short for the clock is measured over many runs", async () => {
  const { measure, asked } = coarse(0.01);
  const { milliseconds, runs } = await timeRuns(measure);
  expect(runs).toBeGreaterThanOrEqual(400);
  expect(milliseconds).toBeGreaterThan(0.007);
  expect(milliseconds).toBeLessThanOrEqual(0.01);
  expect(Math.max(...asked)).toBeLessThanOrEqual(4096);
});

test("a long run is measured twice, and a stuck clock does not loop forever", async () => {
  const long = coarse(500);
  expect(await timeRuns(long.measure)).toEqual({ milliseconds: 500, runs: 1 });
  expect(long.asked).toEqual([1, 1]);
  expect(await timeRuns(() => 0)).toEqual({ milliseconds: 0, runs: 4096 });
});

test("the shortest of the measurements is returned", async () => {
  const times = [9, 8, 5, 7];
  expect(await timeRuns(() => times.shift()!)).toEqual({ milliseconds: 5, runs: 1 });
});
