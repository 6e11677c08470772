import { defineUnary, type Unary } from "../define/elementwise";

/** `log(1 + e^x)`, in float32: a smooth relu. */
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
