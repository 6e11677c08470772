import { type Binary, defineComparison } from "../define/elementwise";

/** True where both are not 0, with broadcasting. */
export const logicalAnd: Binary = defineComparison({
  name: "logicalAnd",
  info: { description: "True where both are true.", source: "NumPy logical_and" },
  expression: "bool(a) && bool(b)",
  reference: (a, b) => a !== 0 && b !== 0,
});
