import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The reciprocal of each element.
 *
 * $y = 1 / x$. The result is float32 in the shape of the tensor; int32 and bool are converted first. The reciprocal of
 * 0 is infinite, with the sign of the zero. Source: PyTorch `reciprocal`.
 * @example
 * tensor([2, -4, 0]).reciprocal(); // => [0.5, -0.25, Infinity]
 */
export const reciprocal: Unary = defineUnary({
  name: "reciprocal",
  info: { description: "One over each element.", formula: "y = 1 / x", source: "PyTorch reciprocal" },
  takes: "float",
  reference: (x) => 1 / x,
  gradient: ({ result, gradient }) => gradient.mul(result.square()).neg(),
});
