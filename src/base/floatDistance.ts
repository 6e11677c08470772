const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/** Returns the rank of a float32 in numeric order: neighbours differ by 1, and -0 has rank 0. */
function rankOf(value: number): number {
  floats[0] = value;
  return bits[0]! < 0 ? -(bits[0]! & 0x7fffffff) : bits[0]!;
}

/**
 * Returns the distance between two float32 values in units in the last place (ulp): the number of steps from one
 * representable value to the next. It is 0 for two NaN, and Infinity if exactly one is NaN.
 */
export function floatDistance(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity;
  return Math.abs(rankOf(a) - rankOf(b));
}

let state = 1;

/**
 * Returns a neighbouring float32 of `value`. A pseudorandom sequence chooses the direction, away from 0 or towards it, so
 * that equal values do not all move the same way. Returns 0 and values that are not finite unchanged.
 */
export function oneUlpOff(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  floats[0] = value;
  bits[0]! += state < 0 ? 1 : -1;
  return floats[0];
}
