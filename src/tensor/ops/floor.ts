import { defineUnary, type Unary } from "../define/elementwise";

/** The largest whole number that is at most x, in float32. It has no gradient. */
export const floor: Unary = defineUnary({
  name: "floor",
  info: { description: "Each element rounded down.", formula: "y = \\lfloor x \\rfloor", source: "NumPy floor" },
  function: "round_down",
  takes: "float",
  reference: Math.floor,
});
