import { defineUnary, type Unary } from "../define/elementwise";

/** The smallest whole number that is at least x, in float32. It has no gradient. */
export const ceil: Unary = defineUnary({
  name: "ceil",
  info: { description: "Each element rounded up.", formula: "y = \\lceil x \\rceil", source: "NumPy ceil" },
  function: "round_up",
  takes: "float",
  reference: Math.ceil,
});
