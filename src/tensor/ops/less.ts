import { type Binary, defineComparison } from "../define/elementwise";

/** True where `a < b`, with broadcasting; false for NaN. */
export const less: Binary = defineComparison({
  name: "less",
  info: { description: "True where the first is smaller.", source: "NumPy less" },
  expression: "a < b",
  reference: (a, b) => a < b,
});
