import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where `a != b`, element by element, with broadcasting.
 *
 * The shapes broadcast as in NumPy, `b` may be a number or a boolean, and the result is bool (`array()` returns 1 and
 * 0). No gradient flows through it. NaN differs from everything, itself included. Source: NumPy `not_equal`.
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
