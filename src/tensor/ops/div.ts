import { type Binary, defineBinary } from "../define/elementwise";

/**
 * The quotient `a / b`, element by element, with broadcasting; always float32.
 *
 * $y = a / b$. `a` is the tensor itself; `b` may also be a number or a boolean. The shapes broadcast as in NumPy. int32
 * and bool are converted to float32 first. A number divided by 0 is infinite, 0 / 0 is NaN. Source: NumPy
 * `true_divide`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * tensor([1, 2, -3]).div(2); // => [0.5, 1, -1.5]
 * tensor([1, 0]).div(0); // => [Infinity, NaN]
 */
export const div: Binary = defineBinary({
  name: "div",
  info: {
    description: "The quotient of two tensors, element by element.",
    formula: "y = a / b",
    source: "NumPy true_divide",
  },
  takes: "float",
  reference: (a, b) => a / b,
  gradient: ({ b, result, gradient, needs }) => {
    const byA = gradient.div(b);
    return [byA, needs(1) ? byA.mul(result).neg() : undefined];
  },
});
