import { defineUnary, type Unary } from "../define/elementwise";

/** `2 / sqrt(pi) e^(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...)`: a series of one sign, so that nothing cancels. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (2 * x * x) / n;
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/**
 * The error function of each element.
 *
 * $y = \frac{2}{\sqrt\pi} \int_0^x e^{-t^2} dt$, from -1 to 1: for $x > 0$ the probability that a normal variable of
 * variance 1/2 lies between $-x$ and $x$. The result is float32 in the shape of the tensor; int32 and bool are
 * converted first. Source: PyTorch `erf`.
 * @example
 * tensor([-1, 0, 0.5]).erf(); // => [-0.8427, 0, 0.5205]
 */
export const erf: Unary = defineUnary({
  name: "erf",
  info: {
    description: "The error function of each element.",
    formula: "y = \\frac{2}{\\sqrt\\pi} \\int_0^x e^{-t^2} dt",
    source: "PyTorch erf",
  },
  function: "error_function",
  takes: "float",
  reference: errorFunction,
  gradient: ({ x, gradient }) =>
    gradient.mul(
      x
        .square()
        .neg()
        .exp()
        .mul(2 / Math.sqrt(Math.PI)),
    ),
});
