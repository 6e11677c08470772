import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The sign of each element: -1, 0 or 1.
 *
 * $y = \operatorname{sign}(x)$. The result has the shape of the tensor. bool counts as int32. NaN stays NaN. No
 * gradient flows through it. Source: NumPy `sign`.
 * @example
 * tensor([-2.5, 0, 7]).sign(); // => [-1, 0, 1]
 */
export const sign: Unary = defineUnary({
  name: "sign",
  info: { description: "The sign of each element.", formula: "y = \\operatorname{sign}(x)", source: "NumPy sign" },
  function: "sign_of",
  takes: "number",
  reference: Math.sign,
});
