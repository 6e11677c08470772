import { defineUnary, type Unary } from "../define/elementwise";

/** -1, 0 or 1; NaN for NaN. */
export const sign: Unary = defineUnary({
  name: "sign",
  info: { description: "The sign of each element.", formula: "y = \\operatorname{sign}(x)", source: "NumPy sign" },
  function: "sign_of",
  takes: "number",
  reference: Math.sign,
});
