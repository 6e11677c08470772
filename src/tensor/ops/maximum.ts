import { type Binary, defineBinary } from "../define/elementwise";

/** The greater of each two elements; NaN if either is. Where they are equal the gradient goes to `a`. */
export const maximum: Binary = defineBinary({
  name: "maximum",
  info: {
    description: "The greater of two tensors, element by element.",
    formula: "y = \\max(a, b)",
    source: "NumPy maximum",
  },
  takes: "number",
  reference: Math.max,
  gradient: ({ a, b, gradient, needs }) => [
    needs(0) ? gradient.mul(a.greaterEqual(b)) : undefined,
    needs(1) ? gradient.mul(b.greater(a)) : undefined,
  ],
});
