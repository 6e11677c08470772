import { type Binary, defineBinary } from "../define/elementwise";

/** `a + b` with NumPy's broadcasting. int32 wraps. */
export const add: Binary = defineBinary({
  name: "add",
  info: { description: "The sum of two tensors, element by element.", formula: "y = a + b", source: "NumPy add" },
  takes: "number",
  reference: (a, b) => a + b,
  gradient: ({ gradient }) => [gradient, gradient],
});
