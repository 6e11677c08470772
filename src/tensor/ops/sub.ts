import { type Binary, defineBinary } from "../define/elementwise";

/** `a - b` with NumPy's broadcasting. int32 wraps. */
export const sub: Binary = defineBinary({
  name: "sub",
  info: {
    description: "The difference of two tensors, element by element.",
    formula: "y = a - b",
    source: "NumPy subtract",
  },
  takes: "number",
  reference: (a, b) => a - b,
  gradient: ({ gradient, needs }) => [gradient, needs(1) ? gradient.neg() : undefined],
});
