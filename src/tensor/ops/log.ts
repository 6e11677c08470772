import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The natural logarithm of each element.
 *
 * $y = \ln x$. The result is float32 in the shape of the tensor; int32 and bool are converted first. The logarithm of 0
 * is -Infinity, that of a negative number NaN. Source: NumPy `log`.
 * @example
 * tensor([1, Math.E, 0, -1]).log(); // => [0, 1, -Infinity, NaN]
 */
export const log: Unary = defineUnary({
  name: "log",
  info: { description: "The natural logarithm of each element.", formula: "y = \\ln x", source: "NumPy log" },
  function: "logarithm",
  takes: "float",
  reference: Math.log,
  gradient: ({ x, gradient }) => gradient.div(x),
});
