import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where `a` or `b` or both are true, that is, not 0; with broadcasting.
 *
 * `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy, and the result is
 * bool (`array()` returns 1 and 0). No gradient flows through it. NaN counts as true. Source: NumPy `logical_or`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([true, true, false]).logicalOr(tensor([true, false, false])); // => [1, 1, 0]
 */
export const logicalOr: Binary = defineComparison({
  name: "logicalOr",
  info: { description: "True where at least one is true.", source: "NumPy logical_or" },
  expression: "bool(a) || bool(b)",
  reference: (a, b) => a !== 0 || b !== 0,
});
