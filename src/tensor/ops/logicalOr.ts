import { type Binary, defineComparison } from "../define/elementwise";

/** True where one at least is not 0, with broadcasting. */
export const logicalOr: Binary = defineComparison({
  name: "logicalOr",
  info: { description: "True where at least one is true.", source: "NumPy logical_or" },
  expression: "bool(a) || bool(b)",
  reference: (a, b) => a !== 0 || b !== 0,
});
