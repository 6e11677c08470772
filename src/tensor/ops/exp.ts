import { defineUnary, type Unary } from "../define/elementwise";

/** `e^x`, in float32. */
export const exp: Unary = defineUnary({
  name: "exp",
  info: { description: "The exponential of each element.", formula: "y = e^x", source: "NumPy exp" },
  function: "exponential",
  takes: "float",
  reference: Math.exp,
  gradient: ({ result, gradient }) => gradient.mul(result),
});
