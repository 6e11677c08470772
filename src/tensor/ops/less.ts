import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where `a < b`, element by element, with broadcasting.
 *
 * `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy, and the result is
 * bool (`array()` returns 1 and 0). No gradient flows through it. Comparisons with NaN are false. Source: NumPy `less`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 2, 3]).less(2); // => [1, 0, 0]
 */
export const less: Binary = defineComparison({
  name: "less",
  info: { description: "True where the first is smaller.", source: "NumPy less" },
  expression: "a < b",
  reference: (a, b) => a < b,
});
