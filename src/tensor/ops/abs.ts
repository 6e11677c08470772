import { defineUnary, type Unary } from "../define/elementwise";

/** `|x|`. Its gradient at 0 is 0. */
export const abs: Unary = defineUnary({
  name: "abs",
  info: { description: "The absolute value of each element.", formula: "y = |x|", source: "NumPy absolute" },
  function: "absolute",
  takes: "number",
  reference: Math.abs,
  gradient: ({ x, gradient }) => gradient.mul(x.sign()),
});
