import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where `a >= b`, element by element, with broadcasting.
 *
 * `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy, and the result is
 * bool (`array()` returns 1 and 0). No gradient flows through it. Comparisons with NaN are false. Source: NumPy
 * `greater_equal`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 2, 3]).greaterEqual(2); // => [0, 1, 1]
 */
export const greaterEqual: Binary = defineComparison({
  name: "greaterEqual",
  info: { description: "True where the first is greater or equal.", source: "NumPy greater_equal" },
  expression: "a >= b && !is_nan(f32(a)) && !is_nan(f32(b))",
  reference: (a, b) => a >= b,
});
