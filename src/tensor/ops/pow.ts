import { type Binary, defineBinary } from "../define/elementwise";

/** As Math.pow, but 1 to any power is 1, as in IEEE 754, and NaN stays NaN. */
function power(x: number, y: number): number {
  if (Number.isNaN(x)) return x;
  return Math.abs(x) === 1 && Math.abs(y) === Infinity ? 1 : Math.pow(x, y);
}

function powerWhole(x: number, y: number): number {
  if (y < 0) return x === 1 || x === -1 ? x ** (y % 2) : 0;
  let product = 1;
  let factor = x;
  for (let n = y; n > 0; n >>>= 1) {
    if (n & 1) product = Math.imul(product, factor);
    factor = Math.imul(factor, factor);
  }
  return product;
}

/**
 * `a ^ b` with NumPy's broadcasting: a negative base takes whole exponents,
 * x ^ 0 and 1 ^ y are 1, but NaN stays NaN throughout. Of int32 it is int32 and
 * wraps; there a negative exponent leaves what 1 / a ^ -b has before the point.
 */
export const pow: Binary = defineBinary({
  name: "pow",
  info: {
    description: "The first tensor raised to the power of the second.",
    formula: "y = a^b",
    source: "NumPy power",
  },
  function: "power",
  integerFunction: "power_whole",
  takes: "number",
  reference: power,
  integerReference: powerWhole,
  gradient: ({ a, b, result, gradient, needs }) => [
    needs(0) ? gradient.mul(b.mul(a.pow(b.sub(1)))) : undefined,
    // Where a is 0, a^b log(a) tends to 0 for b > 0; the logarithm alone would make NaN of it.
    needs(1) ? gradient.mul(a.equal(0).where(0, result.mul(a.log()))) : undefined,
  ],
});
