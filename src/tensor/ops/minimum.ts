import { type Binary, defineBinary } from "../define/elementwise";

/** The smaller of each two elements; NaN if either is. Where they are equal the gradient goes to `a`. */
export const minimum: Binary = defineBinary({
  name: "minimum",
  info: {
    description: "The smaller of two tensors, element by element.",
    formula: "y = \\min(a, b)",
    source: "NumPy minimum",
  },
  takes: "number",
  reference: Math.min,
  gradient: ({ a, b, gradient, needs }) => [
    needs(0) ? gradient.mul(a.lessEqual(b)) : undefined,
    needs(1) ? gradient.mul(b.less(a)) : undefined,
  ],
});
