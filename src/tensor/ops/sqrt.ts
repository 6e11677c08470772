import { defineUnary, type Unary } from "../define/elementwise";

/** The square root, in float32; NaN below 0. */
export const sqrt: Unary = defineUnary({
  name: "sqrt",
  info: { description: "The square root of each element.", formula: "y = \\sqrt{x}", source: "NumPy sqrt" },
  function: "square_root",
  takes: "float",
  reference: Math.sqrt,
  gradient: ({ result, gradient }) => gradient.div(result.mul(2)),
});
