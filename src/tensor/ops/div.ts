import { type Binary, defineBinary } from "../define/elementwise";

/** `a / b` with NumPy's broadcasting, in float32 whatever comes in. By zero: infinite, or NaN for 0 / 0. */
export const div: Binary = defineBinary({
  name: "div",
  info: {
    description: "The quotient of two tensors, element by element.",
    formula: "y = a / b",
    source: "NumPy true_divide",
  },
  takes: "float",
  reference: (a, b) => a / b,
  gradient: ({ b, result, gradient, needs }) => {
    const byA = gradient.div(b);
    return [byA, needs(1) ? byA.mul(result).neg() : undefined];
  },
});
