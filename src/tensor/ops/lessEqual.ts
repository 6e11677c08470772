import { type Binary, defineComparison } from "../define/elementwise";

/** True where `a <= b`, with broadcasting; false for NaN. */
export const lessEqual: Binary = defineComparison({
  name: "lessEqual",
  info: { description: "True where the first is smaller or equal.", source: "NumPy less_equal" },
  expression: "a <= b && !is_nan(f32(a)) && !is_nan(f32(b))",
  reference: (a, b) => a <= b,
});
