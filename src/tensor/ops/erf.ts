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

/** The error function, in float32: twice the chance that a normal variable of variance 1/2 lies between 0 and x. */
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
