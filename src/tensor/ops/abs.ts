import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The absolute value of each element.
 *
 * $y = |x|$. The result has the shape of the tensor. bool counts as int32, and int32 wraps around. NaN stays NaN. The
 * gradient at 0 is 0. Source: NumPy `absolute`.
 * @example
 * tensor([-1.5, 0, 2]).abs(); // => [1.5, 0, 2]
 */
export const abs: Unary = defineUnary({
  name: "abs",
  info: { description: "The absolute value of each element.", formula: "y = |x|", source: "NumPy absolute" },
  function: "absolute",
  takes: "number",
  reference: Math.abs,
  gradient: ({ x, gradient }) => gradient.mul(x.sign()),
});
