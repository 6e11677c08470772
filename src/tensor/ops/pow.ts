import { type Binary, defineBinary } from "../define/elementwise";

/** As Math.pow, except that 1 to any power is 1, as in IEEE 754, and NaN stays NaN. */
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
 * The power `a ^ b`, element by element, with broadcasting.
 *
 * $y = a^b$. `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy. Mixed
 * dtypes are promoted, bool < int32 < float32; a plain whole number adopts the dtype of the tensor (int32 beside bool),
 * and a fraction makes the result float32. bool alone counts as int32. float32: a negative base with a fraction as
 * exponent is NaN; $x^0$ and $1^y$ are 1, but NaN stays NaN. int32 wraps around; with a negative exponent the fraction
 * is cut off, so only 1 and -1 leave more than 0. Source: NumPy `power`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 2, 3]).pow(2); // => [1, 4, 9]
 * tensor([4, -8]).pow(0.5); // => [2, NaN]
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
    // For a = 0 and b > 0, a^b log(a) tends to 0, but the infinite logarithm would yield NaN.
    needs(1) ? gradient.mul(a.equal(0).where(0, result.mul(a.log()))) : undefined,
  ],
});
