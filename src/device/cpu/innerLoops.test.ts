import { afterEach, expect, test, vi } from "vitest";
import { fillFor, foldFor } from "./innerLoops";

afterEach(() => vi.unstubAllGlobals());

const double = (x: number) => 2 * x;

function fillDoubled(of: (x: number) => number): number[] {
  const result = new Float32Array(4);
  fillFor[0]!(of)(of, result, 1, 3, [Float32Array.of(9, 1, 9, 2, 9, 3)], [1], [2]);
  return [...result];
}

test("each function has a separate copy of the loop", () => {
  expect(fillFor[0]!(double)).toBe(fillFor[0]!(double));
  expect(fillFor[0]!(double)).not.toBe(fillFor[0]!(Math.abs));
  expect(fillDoubled(double)).toEqual([0, 2, 4, 6]);
});

test("all functions share one loop where a page's policy forbids code generated from text", () => {
  vi.stubGlobal("Function", () => {
    throw new EvalError("Refused to evaluate a string as JavaScript");
  });
  const [triple, plus] = [(x: number) => 3 * x, (a: number, b: number) => a + b];
  expect(fillFor[0]!(triple)).toBe(fillFor[0]!((x) => x));
  expect(fillDoubled(triple)).toEqual([0, 3, 6, 9]);
  expect(
    foldFor(plus)(
      plus,
      Int32Array.from({ length: 200 }, (_, i) => i),
      1,
      2,
      99,
      0,
      false,
    ),
  ).toBe(9801);
});
