import { defineUnary, type Unary } from "../define/elementwise";

/** `1 / x`, in float32: infinite with the sign of x at 0. */
export const reciprocal: Unary = defineUnary({
  name: "reciprocal",
  info: { description: "One over each element.", formula: "y = 1 / x", source: "PyTorch reciprocal" },
  takes: "float",
  reference: (x) => 1 / x,
  gradient: ({ result, gradient }) => gradient.mul(result.square()).neg(),
});
