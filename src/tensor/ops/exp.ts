import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The exponential of each element.
 *
 * $y = e^x$. The result is float32 in the shape of the tensor; int32 and bool are converted first. Above 88.72 it
 * overflows to Infinity; NaN stays NaN. Source: NumPy `exp`.
 * @example
 * tensor([0, 1, -Infinity]).exp(); // => [1, 2.7183, 0]
 */
export const exp: Unary = defineUnary({
  name: "exp",
  info: { description: "The exponential of each element.", formula: "y = e^x", source: "NumPy exp" },
  function: "exponential",
  takes: "float",
  reference: Math.exp,
  gradient: ({ result, gradient }) => gradient.mul(result),
});
