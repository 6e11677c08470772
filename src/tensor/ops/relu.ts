import { defineUnary, type Unary } from "../define/elementwise";

/** `max(x, 0)`; NaN stays NaN. Its gradient at 0 is 0. */
export const relu: Unary = defineUnary({
  name: "relu",
  info: { description: "The positive part of each element.", formula: "y = \\max(x, 0)", source: "Nair & Hinton 2010" },
  takes: "number",
  reference: (x) => (x < 0 ? 0 : x),
  gradient: ({ result, gradient }) => gradient.mul(result.greater(0)),
});
