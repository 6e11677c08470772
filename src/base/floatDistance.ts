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

/**
 * Returns the float32 beside a float32 value, farther from 0 or nearer by its bits; 0 and values that are not finite stay.
 */
export function oneUlpOff(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  floats[0] = value;
  bits[0]! += Math.imul(bits[0]!, 0x9e3779b1) < 0 ? 1 : -1;
  return floats[0];
}
