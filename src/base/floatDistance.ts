const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/** The place of a float32 in the order of all: neighbours differ by 1, and -0 is 0. */
function rankOf(value: number): number {
  floats[0] = value;
  return bits[0]! < 0 ? -(bits[0]! & 0x7fffffff) : bits[0]!;
}

/**
 * How many steps from one float32 to the next lie between two: their distance in units in the last place (ulp).
 * 0 for two NaN, Infinity where one of them is NaN.
 */
export function floatDistance(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity;
  return Math.abs(rankOf(a) - rankOf(b));
}
