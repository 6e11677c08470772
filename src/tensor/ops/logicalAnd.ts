import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where both `a` and `b` are true, that is, not 0; with broadcasting.
 *
 * `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy, and the result is
 * bool (`array()` returns 1 and 0). No gradient flows through it. NaN counts as true. Source: NumPy `logical_and`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([true, true, false]).logicalAnd(tensor([true, false, false])); // => [1, 0, 0]
 */
export const logicalAnd: Binary = defineComparison({
  name: "logicalAnd",
  info: { description: "True where both are true.", source: "NumPy logical_and" },
  expression: "bool(a) && bool(b)",
  reference: (a, b) => a !== 0 && b !== 0,
});
