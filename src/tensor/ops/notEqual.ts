import { type Binary, defineComparison } from "../define/elementwise";

/** True where `a != b`, with broadcasting. NaN differs from everything. */
export const notEqual: Binary = defineComparison({
  name: "notEqual",
  info: { description: "True where the two differ.", source: "NumPy not_equal" },
  expression: "a != b || is_nan(f32(a)) || is_nan(f32(b))",
  reference: (a, b) => a !== b,
});
