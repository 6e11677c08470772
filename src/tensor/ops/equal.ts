import { type Binary, defineComparison } from "../define/elementwise";

/** True where `a == b`, with broadcasting. NaN equals nothing. */
export const equal: Binary = defineComparison({
  name: "equal",
  info: { description: "True where both are equal.", source: "NumPy equal" },
  expression: "a == b && !is_nan(f32(a)) && !is_nan(f32(b))",
  reference: (a, b) => a === b,
});
