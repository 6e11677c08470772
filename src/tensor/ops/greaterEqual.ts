import { type Binary, defineComparison } from "../define/elementwise";

/** True where `a >= b`, with broadcasting; false for NaN. */
export const greaterEqual: Binary = defineComparison({
  name: "greaterEqual",
  info: { description: "True where the first is greater or equal.", source: "NumPy greater_equal" },
  expression: "a >= b && !is_nan(f32(a)) && !is_nan(f32(b))",
  reference: (a, b) => a >= b,
});
