import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where `a <= b`, element by element, with broadcasting.
 *
 * `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy, and the result is
 * bool (`array()` returns 1 and 0). No gradient flows through it. Comparisons with NaN are false. Source: NumPy
 * `less_equal`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 2, 3]).lessEqual(2); // => [1, 1, 0]
 */
export const lessEqual: Binary = defineComparison({
  name: "lessEqual",
  info: { description: "True where the first is smaller or equal.", source: "NumPy less_equal" },
  expression: "a <= b && !is_nan(f32(a)) && !is_nan(f32(b))",
  reference: (a, b) => a <= b,
});
