import { ArgumentError } from "../../base/errors";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type DrawArguments, type RandomOptions, splitArguments } from "../define/defineDraw";
import { normalQuantile, openInterval } from "../define/normalQuantile";
import type { Tensor } from "../tensor";

/** The probability below -2 standard deviations, and between -2 and 2. */
const below = 0.02275013194817921;
const within = 0.9544997361036416;

const truncatedNormalOp = defineDraw({
  name: "truncatedNormal",
  info: {
    description: "Random numbers from a normal distribution truncated at two standard deviations.",
    source: "TensorFlow random.truncated_normal",
  },
  expression: `a + b * clamp(normal_quantile(${below} + ${within} * open_interval(bits)), -2.0, 2.0)`,
  reference(bits, { scalars: [mean, std] }) {
    // In float32 as on the GPU: the quantile magnifies this rounding 18 times at the ends.
    const u = Math.fround(Math.fround(below) + Math.fround(Math.fround(within) * openInterval(bits)));
    return mean! + std! * Math.max(-2, Math.min(2, normalQuantile(u)));
  },
});

/**
 * Random numbers of a normal distribution that is cut off at two standard deviations, float32.
 *
 * `mean` defaults to 0, `std` to 1. `std` is that of the distribution before it is cut; the numbers have 0.88 of it.
 * Source: TensorFlow `random.truncated_normal`.
 * @param options `key` makes the draw reproducible; without it the next key of the stream is used.
 * @throws ArgumentError if `std` is negative.
 * @throws DTypeError for a dtype other than float32.
 * @example
 * const x = random.truncatedNormal([1000], 10, 0.5);
 * x.sub(10).abs().max().lessEqual(1); // => 1
 */
export function truncatedNormal(shape: Shape, options?: RandomOptions): Tensor;
export function truncatedNormal(shape: Shape, mean?: number, std?: number, options?: RandomOptions): Tensor;
export function truncatedNormal(shape: Shape, ...given: DrawArguments): Tensor {
  const { numbers, options } = splitArguments(given, [0, 1]);
  if (!(numbers[1]! >= 0))
    throw new ArgumentError({ at: "random.truncatedNormal", expected: "std >= 0", got: String(numbers[1]) });
  return draw(truncatedNormalOp, { shape, options, dtypes: ["float32"], scalars: numbers });
}
truncatedNormal.op = truncatedNormalOp;
