import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The negative of each element.
 *
 * $y = -x$. The result has the shape of the tensor. bool counts as int32, and int32 wraps around. Source: NumPy
 * `negative`.
 * @example
 * tensor([1, -2, 0.5]).neg(); // => [-1, 2, -0.5]
 */
export const neg: Unary = defineUnary({
  name: "neg",
  info: { description: "The negative of each element.", formula: "y = -x", source: "NumPy negative" },
  takes: "number",
  reference: (x) => -x,
  gradient: ({ gradient }) => gradient.neg(),
});
