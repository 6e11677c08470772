import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The hyperbolic tangent of each element, between -1 and 1.
 *
 * $y = \tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}$. The result is float32 in the shape of the tensor; int32 and bool
 * are converted first. Source: NumPy `tanh`.
 * @example
 * tensor([-1, 0, 1]).tanh(); // => [-0.7616, 0, 0.7616]
 */
export const tanh: Unary = defineUnary({
  name: "tanh",
  info: { description: "The hyperbolic tangent of each element.", formula: "y = \\tanh x", source: "NumPy tanh" },
  function: "hyperbolic_tangent",
  takes: "float",
  reference: Math.tanh,
  gradient: ({ result, gradient }) => gradient.sub(gradient.mul(result.square())),
});
