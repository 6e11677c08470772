import { type Binary, defineBinary } from "../define/elementwise";

/**
 * The product `a * b`, element by element, with broadcasting.
 *
 * $y = a b$. `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy. Mixed
 * dtypes are promoted, bool < int32 < float32; a plain whole number adopts the dtype of the tensor (int32 beside bool),
 * and a fraction makes the result float32. bool alone counts as int32, and int32 wraps around. For matrices see
 * `matmul`. Source: NumPy `multiply`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([[1, 2], [3, 4]]).mul(tensor([10, 100])); // => [[10, 200], [30, 400]]
 */
export const mul: Binary = defineBinary({
  name: "mul",
  info: {
    description: "The product of two tensors, element by element.",
    formula: "y = a b",
    source: "NumPy multiply",
  },
  takes: "number",
  reference: (a, b) => a * b,
  integerReference: Math.imul,
  gradient: ({ a, b, gradient, needs }) => [
    needs(0) ? gradient.mul(b) : undefined,
    needs(1) ? gradient.mul(a) : undefined,
  ],
});
