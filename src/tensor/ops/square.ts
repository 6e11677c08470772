import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The square of each element.
 *
 * $y = x^2$. The result has the shape of the tensor. bool counts as int32, and int32 wraps around. Source: NumPy
 * `square`.
 * @example
 * tensor([1, -2, 0.5]).square(); // => [1, 4, 0.25]
 */
export const square: Unary = defineUnary({
  name: "square",
  info: { description: "The square of each element.", formula: "y = x^2", source: "NumPy square" },
  takes: "number",
  reference: (x) => x * x,
  integerReference: (x) => Math.imul(x, x),
  gradient: ({ x, gradient }) => gradient.mul(x.mul(2)),
});
