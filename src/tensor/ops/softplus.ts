import { defineUnary, type Unary } from "../define/elementwise";

/**
 * A smooth version of relu.
 *
 * $y = \ln(1 + e^x)$. The result is float32 in the shape of the tensor; int32 and bool are converted first. It does not
 * overflow: large elements are returned unchanged. Source: PyTorch `softplus`.
 * @example
 * tensor([-1, 0, 100]).softplus(); // => [0.3133, 0.6931, 100]
 */
export const softplus: Unary = defineUnary({
  name: "softplus",
  info: {
    description: "The smooth positive part of each element.",
    formula: "y = \\ln(1 + e^x)",
    source: "PyTorch softplus",
  },
  takes: "float",
  reference: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  gradient: ({ x, gradient }) => gradient.mul(x.sigmoid()),
});
