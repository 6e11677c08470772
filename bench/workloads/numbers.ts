/**
 * Returns the same numbers on every machine and for every system, from the upper bits of a linear congruential
 * generator (Numerical Recipes, 2nd edition, 7.1).
 */
export function uniform(count: number, seed: number, low = -1, high = 1): Float32Array {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * (state >>> 8)) / 2 ** 24;
  });
}

/** Returns integers from 0 to `below - 1`. */
export function labels(count: number, seed: number, below: number): Int32Array {
  return Int32Array.from(uniform(count, seed, 0, below), Math.floor);
}
