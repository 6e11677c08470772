import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The positive part of each element: negative values become 0.
 *
 * $y = \max(x, 0)$. The result has the shape of the tensor. bool counts as int32. NaN stays NaN. The gradient at 0 is
 * 0. Source: Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
 * @example
 * tensor([-2, 0, 3]).relu(); // => [0, 0, 3]
 */
export const relu: Unary = defineUnary({
  name: "relu",
  info: { description: "The positive part of each element.", formula: "y = \\max(x, 0)", source: "Nair & Hinton 2010" },
  takes: "number",
  reference: (x) => (x < 0 ? 0 : x),
  gradient: ({ result, gradient }) => gradient.mul(result.greater(0)),
});
