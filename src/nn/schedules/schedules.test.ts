import { expect, test } from "vitest";
import golden from "../../testing/golden/optimizers.json";
import { findKind } from "../define/findKind";
import type { Schedule } from "../define/schedule";
import * as schedules from "./index";

for (const { schedule, options, rates } of golden.schedules) {
  test(`${schedule}(${JSON.stringify(options)}) matches PyTorch's learning rates`, () => {
    const make = findKind<unknown>(schedules, schedule, "test") as (given: object) => Schedule;
    const got = make(options);
    const worst = Math.max(...rates.map((rate, step) => Math.abs(got(step) - rate)));
    expect(worst).toBeLessThan(1e-12);
    expect(got.config?.kind).toBe(schedule);
  });
}

test("the golden data cover every schedule", () => {
  expect([...new Set(golden.schedules.map(({ schedule }) => schedule))].sort()).toEqual(Object.keys(schedules).sort());
});

test("a cyclic polynomial decay restarts with longer cycles, as in Keras", () => {
  const rate = schedules.polynomialDecay({
    initialLearningRate: 1,
    decaySteps: 10,
    endLearningRate: 0,
    cycle: true,
  });
  expect([0, 10, 11, 20, 25].map((step) => Number(rate(step).toFixed(6)))).toEqual([1, 0, 0.45, 0, 0.166667]);
});

test("errors name options that are missing or out of range", () => {
  expect(() => schedules.exponentialDecay({ initialLearningRate: 1, decaySteps: 10 } as never)).toThrow(
    "exponentialDecay(): expected option decayRate, got none.",
  );
  expect(() => schedules.piecewiseConstantDecay({ boundaries: [1, 2], values: [0.1, 0.2] })).toThrow(
    "piecewiseConstantDecay() values: expected 3 numbers for 2 boundaries, got 2.",
  );
  expect(() => schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 0 })).toThrow(
    "cosineDecay() decaySteps: expected a whole number >= 1, got 0.",
  );
});
