import { ArgumentError } from "../../base/errors";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type DrawArguments, type RandomOptions, splitArguments } from "../define/draw";
import { normalQuantile, openInterval } from "../define/normal";
import type { Tensor } from "../tensor";

const normalOp = defineDraw({
  name: "normal",
  info: {
    description: "Random numbers from a normal distribution.",
    formula: "y \\sim N(\\mu, \\sigma^2)",
    source: "NumPy random.normal",
  },
  expression: "a + b * normal_quantile(open_interval(bits))",
  reference: (bits, { scalars: [mean, std] }) => mean! + std! * normalQuantile(openInterval(bits)),
});

/**
 * Normal random numbers, float32, by the inverse of the distribution function
 * (at most 5.3 deviations from the mean).
 * @throws ArgumentError if `std` is negative.
 */
export function normal(shape: Shape, options?: RandomOptions): Tensor;
export function normal(shape: Shape, mean?: number, std?: number, options?: RandomOptions): Tensor;
export function normal(shape: Shape, ...given: DrawArguments): Tensor {
  const { numbers, options } = splitArguments(given, [0, 1]);
  if (!(numbers[1]! >= 0))
    throw new ArgumentError({ at: "random.normal", expected: "std >= 0", got: String(numbers[1]) });
  return draw(normalOp, { shape, options, dtypes: ["float32"], scalars: numbers });
}
normal.op = normalOp;
