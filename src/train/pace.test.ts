import { expect, test } from "vitest";
import { Pace } from "./pace";

/** Sizes of the submits, where each step takes so long and each submit begins when the one before has ended. */
function sizes(msPerStep: number, submits: number): number[] {
  const pace = new Pace();
  let now = 0;
  return Array.from({ length: submits }, () => {
    const { size } = pace;
    const end = now + size * msPerStep;
    pace.note(now, end, size);
    now = end;
    return size;
  });
}

test("a submit grows to about 25 ms of work, at most twofold at a time", () => {
  expect(sizes(2, 6)).toEqual([1, 2, 4, 8, 12, 12]);
});

test("steps that take no time come at most 256 at once, long ones one by one", () => {
  expect([sizes(0, 10).at(-1), sizes(400, 3).at(-1)]).toEqual([256, 1]);
});

test("what waits for others in the queue is not taken for slow", () => {
  const pace = new Pace();
  pace.note(0, 10, 1);
  pace.note(0, 20, 1);
  pace.note(1, 30, 1);
  expect(pace.size).toBe(2);
});
