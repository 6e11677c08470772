import { defineUnary, type Unary } from "../define/elementwise";

/** The hyperbolic tangent, in float32. */
export const tanh: Unary = defineUnary({
  name: "tanh",
  info: { description: "The hyperbolic tangent of each element.", formula: "y = \\tanh x", source: "NumPy tanh" },
  function: "hyperbolic_tangent",
  takes: "float",
  reference: Math.tanh,
  gradient: ({ result, gradient }) => gradient.sub(gradient.mul(result.square())),
});
