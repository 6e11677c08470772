import { defineUnary, type Unary } from "../define/elementwise";

/**
 * The logistic function of each element, between 0 and 1.
 *
 * $y = \frac{1}{1 + e^{-x}}$. The result is float32 in the shape of the tensor; int32 and bool are converted first. It
 * does not overflow. Source: PyTorch `sigmoid`.
 * @example
 * tensor([-1, 0, 1]).sigmoid(); // => [0.2689, 0.5, 0.7311]
 */
export const sigmoid: Unary = defineUnary({
  name: "sigmoid",
  info: {
    description: "The logistic function of each element.",
    formula: "y = \\frac{1}{1 + e^{-x}}",
    source: "PyTorch sigmoid",
  },
  takes: "float",
  reference: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  gradient: ({ result, gradient }) => gradient.mul(result.sub(result.square())),
});
