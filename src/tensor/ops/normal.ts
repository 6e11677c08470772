import { ArgumentError } from "../../base/errors";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type DrawArguments, type RandomOptions, splitArguments } from "../define/defineDraw";
import { normalQuantile, openInterval } from "../define/normalQuantile";
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
 * Random numbers of the normal distribution, float32.
 *
 * $y \sim N(\mu, \sigma^2)$. `mean` defaults to 0, `std` to 1. They are drawn by the inverse of the distribution
 * function from 23 random bits each, so at most 5.3 standard deviations from the mean. Source: NumPy `random.normal`.
 * @param options `key` makes the draw reproducible; without it the next key of the stream is used.
 * @throws ArgumentError if `std` is negative.
 * @throws DTypeError for a dtype other than float32.
 * @example
 * const x = random.normal([10000], 5, 0.001, { key: random.key(1) });
 * x.shape; // => [10000]
 * x.mean(); // => 5
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
