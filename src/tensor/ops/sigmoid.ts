import { defineUnary, type Unary } from "../define/elementwise";

/** `1 / (1 + e^-x)`, in float32. */
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
