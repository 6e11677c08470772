/**
 * Error bounds of float32 results. A bound adds up what the parts of an op may lose according to the accuracy that WGSL
 * guarantees: + - * are correctly rounded, division is within 2.5 units in the last place (ulp), exp within 3 + 2 |x|,
 * and a sum of n terms loses up to n 2^-24 of the sum of their sizes. Subnormals may be flushed to zero.
 */
import { expect } from "vitest";

export interface Bound {
  /** Error in ulp of the true value. For elementwise ops, a function of the first input's element. */
  ulp?: number | ((x: number) => number);
  /** Absolute error. */
  absolute?: number;
  /** Number of terms that each result adds up. Their sizes are the op's result for absolute inputs. */
  terms?: (shapes: readonly (readonly number[])[]) => number;
}

const smallestNormal = 2 ** -126;

/** Returns the distance between float32 values near `x`. */
export function ulpOf(x: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(x), smallestNormal)));
  return 2 ** (exponent - 23);
}

export interface Comparison {
  actual: ArrayLike<number>;
  expected: ArrayLike<number>;
  /** Largest error allowed for element `i`. */
  tolerance(i: number): number;
  /** What is compared, for the failure message. */
  what: string;
}

/** True if NaN and infinity match exactly and finite numbers are within the tolerance. */
function isWithin(actual: number, expected: number, tolerance: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (actual === expected) return true;
  // The largest finite float32 and infinity are neighbours.
  if (Math.abs(expected) > 3.4028234e38) return actual === Math.sign(expected) * Infinity;
  return Math.abs(actual - expected) <= tolerance + smallestNormal;
}

/** Fails with a list of the elements beyond their tolerance. */
export function expectWithin({ actual, expected, tolerance, what }: Comparison): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  const wrong: string[] = [];
  for (let i = 0; i < expected.length && wrong.length < 5; i++) {
    if (!isWithin(actual[i]!, expected[i]!, tolerance(i))) {
      wrong.push(`[${i}] is ${actual[i]}, expected ${expected[i]} within ${tolerance(i)}`);
    }
  }
  expect(wrong, what).toEqual([]);
}
