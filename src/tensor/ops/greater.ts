import { type Binary, defineComparison } from "../define/elementwise";

/** True where `a > b`, with broadcasting; false for NaN. */
export const greater: Binary = defineComparison({
  name: "greater",
  info: { description: "True where the first is greater.", source: "NumPy greater" },
  expression: "a > b",
  reference: (a, b) => a > b,
});
