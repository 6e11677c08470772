import { type Binary, defineBinary } from "../define/elementwise";

/**
 * The greater of `a` and `b`, element by element, with broadcasting.
 *
 * $y = \max(a, b)$. `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy.
 * Mixed dtypes are promoted, bool < int32 < float32; a plain whole number adopts the dtype of the tensor (int32 beside
 * bool), and a fraction makes the result float32. bool alone counts as int32. NaN if either is NaN. Where both are
 * equal the gradient flows to `a`. Source: NumPy `maximum`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 5, NaN]).maximum(tensor([3, 2, 0])); // => [3, 5, NaN]
 */
export const maximum: Binary = defineBinary({
  name: "maximum",
  info: {
    description: "The greater of two tensors, element by element.",
    formula: "y = \\max(a, b)",
    source: "NumPy maximum",
  },
  takes: "number",
  reference: Math.max,
  gradient: ({ a, b, gradient, needs }) => [
    needs(0) ? gradient.mul(a.greaterEqual(b)) : undefined,
    needs(1) ? gradient.mul(b.greater(a)) : undefined,
  ],
});
