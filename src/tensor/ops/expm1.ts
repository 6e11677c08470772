import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The exponential of each element minus 1, accurate near 0.
 *
 * $y = e^x - 1$. The result is float32 in the shape of the tensor; int32 and bool are converted first. For small $x$ it
 * keeps the digits that `x.exp().sub(1)` loses. Source: NumPy `expm1`.
 * @example
 * tensor([0, 1]).expm1(); // => [0, 1.7183]
 * tensor(1e-8).expm1().mul(1e8); // => 1
 */
export const expm1: Unary = defineUnary({
  name: "expm1",
  info: { description: "The exponential of each element minus 1.", formula: "y = e^x - 1", source: "NumPy expm1" },
  function: "exponential_less_one",
  takes: "float",
  reference: Math.expm1,
  gradient: ({ result, gradient }) => gradient.mul(result.add(1)),
});
