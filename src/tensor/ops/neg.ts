import { defineUnary, type Unary } from "../define/elementwise";

/** `-x`. int32 wraps; bool counts as int32. */
export const neg: Unary = defineUnary({
  name: "neg",
  info: { description: "The negative of each element.", formula: "y = -x", source: "NumPy negative" },
  takes: "number",
  reference: (x) => -x,
  gradient: ({ gradient }) => gradient.neg(),
});
