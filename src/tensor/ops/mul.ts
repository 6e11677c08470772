import { type Binary, defineBinary } from "../define/elementwise";

/** `a * b` with NumPy's broadcasting. int32 wraps. */
export const mul: Binary = defineBinary({
  name: "mul",
  info: {
    description: "The product of two tensors, element by element.",
    formula: "y = a b",
    source: "NumPy multiply",
  },
  takes: "number",
  reference: (a, b) => a * b,
  integerReference: Math.imul,
  gradient: ({ a, b, gradient, needs }) => [
    needs(0) ? gradient.mul(b) : undefined,
    needs(1) ? gradient.mul(a) : undefined,
  ],
});
