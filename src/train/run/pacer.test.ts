import { expect, test } from "vitest";
import { Pacer } from "./pacer";

/** Returns the sizes of successive chunks for this duration of a step. */
function sizes(msPerStep: number, submits: number): number[] {
  const pace = new Pacer();
  let now = 0;
  return Array.from({ length: submits }, () => {
    const { chunkSize } = pace;
    const end = now + chunkSize * msPerStep;
    pace.update(now, end, chunkSize);
    now = end;
    return chunkSize;
  });
}

test("a chunk grows to about 25 ms of work, at most doubling each time", () => {
  expect(sizes(2, 6)).toEqual([1, 2, 4, 8, 12, 12]);
});

test("a chunk has at most 256 steps, and one if steps are long", () => {
  expect([sizes(0, 10).at(-1), sizes(400, 3).at(-1)]).toEqual([256, 1]);
});

test("waiting in the queue does not count as slow", () => {
  const pace = new Pacer();
  pace.update(0, 10, 1);
  pace.update(0, 20, 1);
  pace.update(1, 30, 1);
  expect(pace.chunkSize).toBe(2);
});
