/**
 * How far a float32 result may be from the true one. A bound is a sum of what
 * the op's parts may lose, from the accuracy that WGSL promises: + - * are
 * correctly rounded, division is good to 2.5 units in the last place (ulp), exp
 * to 3 + 2 |x|, and a sum of n terms loses n 2^-24 of the sum of their sizes.
 * Subnormals may be flushed to zero.
 */
import { expect } from "vitest";

export interface Bound {
  /** Units in the last place of the true value; by the first input's element for elementwise ops. */
  ulp?: number | ((x: number) => number);
  /** Plainly, as far as that. */
  absolute?: number;
  /** Terms that each result adds up; their sizes are what the op gives for absolute inputs. */
  terms?: (shapes: readonly (readonly number[])[]) => number;
}

const smallestNormal = 2 ** -126;

/** The distance between float32 values near `x`. */
export function ulpOf(x: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(x), smallestNormal)));
  return 2 ** (exponent - 23);
}

export interface Comparison {
  actual: ArrayLike<number>;
  expected: ArrayLike<number>;
  /** How far each element may be off. */
  tolerance(i: number): number;
  /** What is compared, for the message. */
  what: string;
}

/** True where neither NaN nor infinity stands for another value, and numbers are within reach. */
function isWithin(actual: number, expected: number, tolerance: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (actual === expected) return true;
  // The last finite float32 and infinity are neighbours.
  if (Math.abs(expected) > 3.4028234e38) return actual === Math.sign(expected) * Infinity;
  return Math.abs(actual - expected) <= tolerance + smallestNormal;
}

/** Fails naming the elements that are too far off. */
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
