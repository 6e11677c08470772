import { defineUnary, type Unary } from "../define/elementwise";

/** `e^x - 1`, in float32, exact to the last digits also near 0. */
export const expm1: Unary = defineUnary({
  name: "expm1",
  info: { description: "The exponential of each element minus 1.", formula: "y = e^x - 1", source: "NumPy expm1" },
  function: "exponential_less_one",
  takes: "float",
  reference: Math.expm1,
  gradient: ({ result, gradient }) => gradient.mul(result.add(1)),
});
