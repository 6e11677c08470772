import { type Binary, defineBinary } from "../define/elementwise";

/**
 * The difference `a - b`, element by element, with broadcasting.
 *
 * $y = a - b$. `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy. Mixed
 * dtypes are promoted, bool < int32 < float32; a plain whole number adopts the dtype of the tensor (int32 beside bool),
 * and a fraction makes the result float32. bool alone counts as int32, and int32 wraps around. Source: NumPy
 * `subtract`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([[1, 2], [3, 4]]).sub(tensor([1, 2])); // => [[0, 0], [2, 2]]
 */
export const sub: Binary = defineBinary({
  name: "sub",
  info: {
    description: "The difference of two tensors, element by element.",
    formula: "y = a - b",
    source: "NumPy subtract",
  },
  takes: "number",
  reference: (a, b) => a - b,
  gradient: ({ gradient, needs }) => [gradient, needs(1) ? gradient.neg() : undefined],
});
