import { defineUnary, type Unary } from "../define/elementwise";

/** `x * x`. int32 wraps. */
export const square: Unary = defineUnary({
  name: "square",
  info: { description: "The square of each element.", formula: "y = x^2", source: "NumPy square" },
  takes: "number",
  reference: (x) => x * x,
  integerReference: (x) => Math.imul(x, x),
  gradient: ({ x, gradient }) => gradient.mul(x.mul(2)),
});
