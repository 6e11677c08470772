import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The square root of each element.
 *
 * $y = \sqrt{x}$. The result is float32 in the shape of the tensor; int32 and bool are converted first. NaN for
 * negative numbers. The gradient at 0 is infinite. Source: NumPy `sqrt`.
 * @example
 * tensor([4, 2, -1]).sqrt(); // => [2, 1.4142, NaN]
 */
export const sqrt: Unary = defineUnary({
  name: "sqrt",
  info: { description: "The square root of each element.", formula: "y = \\sqrt{x}", source: "NumPy sqrt" },
  function: "square_root",
  takes: "float",
  reference: Math.sqrt,
  gradient: ({ result, gradient }) => gradient.div(result.mul(2)),
});
