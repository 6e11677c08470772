import { type Binary, defineComparison } from "../define/elementwise";

/**
 * True where `a > b`, element by element, with broadcasting.
 *
 * `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy, and the result is
 * bool (`array()` returns 1 and 0). No gradient flows through it. Comparisons with NaN are false. Source: NumPy
 * `greater`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 2, 3]).greater(2); // => [0, 0, 1]
 */
export const greater: Binary = defineComparison({
  name: "greater",
  info: { description: "True where the first is greater.", source: "NumPy greater" },
  expression: "a > b",
  reference: (a, b) => a > b,
});
