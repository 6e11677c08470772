import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where `a != b`, element by element, with broadcasting.
 *
 * `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy, and the result is
 * bool (`array()` returns 1 and 0). No gradient flows through it. NaN differs from everything, itself included. Source:
 * NumPy `not_equal`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 2, NaN]).notEqual(tensor([1, 3, NaN])); // => [0, 1, 1]
 */
export const notEqual: Binary = defineComparison({
  name: "notEqual",
  info: { description: "True where the two differ.", source: "NumPy not_equal" },
  expression: "a != b || is_nan(f32(a)) || is_nan(f32(b))",
  reference: (a, b) => a !== b,
});
