import { type Binary, defineBinary } from "../define/elementwise";

/**
 * The sum `a + b`, element by element, with broadcasting.
 *
 * $y = a + b$. `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy. Mixed
 * dtypes are promoted, bool < int32 < float32; a plain whole number adopts the dtype of the tensor (int32 beside bool),
 * and a fraction makes the result float32. bool alone counts as int32, and int32 wraps around. Source: NumPy `add`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * x.add(tensor([10, 20])); // => [[11, 22], [13, 24]]
 * x.add(0.5); // => [[1.5, 2.5], [3.5, 4.5]]
 */
export const add: Binary = defineBinary({
  name: "add",
  info: { description: "The sum of two tensors, element by element.", formula: "y = a + b", source: "NumPy add" },
  takes: "number",
  reference: (a, b) => a + b,
  gradient: ({ gradient }) => [gradient, gradient],
});
