import { defineUnary, type Unary } from "../define/elementwise";

/** The natural logarithm, in float32: -Infinity at 0, NaN below it. */
export const log: Unary = defineUnary({
  name: "log",
  info: { description: "The natural logarithm of each element.", formula: "y = \\ln x", source: "NumPy log" },
  function: "logarithm",
  takes: "float",
  reference: Math.log,
  gradient: ({ x, gradient }) => gradient.div(x),
});
