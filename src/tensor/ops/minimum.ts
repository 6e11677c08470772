import { type Binary, defineBinary } from "../define/elementwise";

/**
 * The smaller of `a` and `b`, element by element, with broadcasting.
 *
 * $y = \min(a, b)$. `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy.
 * Mixed dtypes are promoted, bool < int32 < float32; a plain whole number adopts the dtype of the tensor (int32 beside
 * bool), and a fraction makes the result float32. bool alone counts as int32. NaN if either is NaN. Where both are
 * equal the gradient flows to `a`. Source: NumPy `minimum`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 5, NaN]).minimum(tensor([3, 2, 0])); // => [1, 2, NaN]
 */
export const minimum: Binary = defineBinary({
  name: "minimum",
  info: {
    description: "The smaller of two tensors, element by element.",
    formula: "y = \\min(a, b)",
    source: "NumPy minimum",
  },
  takes: "number",
  reference: Math.min,
  gradient: ({ a, b, gradient, needs }) => [
    needs(0) ? gradient.mul(a.lessEqual(b)) : undefined,
    needs(1) ? gradient.mul(b.less(a)) : undefined,
  ],
});
