import { ArgumentError } from "../../base/errors";
import { unit24 } from "../../base/randomKeys";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type DrawArguments, type RandomOptions, splitArguments } from "../define/defineDraw";
import type { Tensor } from "../tensor";

const bernoulliOp = defineDraw({
  name: "bernoulli",
  info: { description: "True with a given probability, false otherwise.", source: "PyTorch bernoulli" },
  expression: "T(unit_interval(bits) < a)",
  reference: (bits, { scalars: [probability] }) => Number((bits >>> 8) * unit24 < Math.fround(probability!)),
});

/**
 * True with a given probability, else false.
 *
 * $P(y = 1) = p$. `probability` defaults to 0.5. The dtype defaults to bool; int32 and float32 draw 1 and 0. Source:
 * PyTorch `bernoulli`.
 * @param options `key` makes the draw reproducible; without it the next key of the stream is used.
 * @throws ArgumentError unless the probability is from 0 to 1.
 * @example
 * random.bernoulli([3], 1); // => [1, 1, 1]
 * const x = random.bernoulli([1000], 0.25, { dtype: "float32", key: random.key(1) });
 * x.mean().sub(0.25).abs().less(0.05); // => 1
 */
export function bernoulli(shape: Shape, options?: RandomOptions): Tensor;
export function bernoulli(shape: Shape, probability?: number, options?: RandomOptions): Tensor;
export function bernoulli(shape: Shape, ...given: DrawArguments): Tensor {
  const { numbers, options } = splitArguments(given, [0.5]);
  const probability = numbers[0]!;
  if (!(probability >= 0 && probability <= 1)) {
    throw new ArgumentError({
      at: "random.bernoulli",
      expected: "a probability from 0 to 1",
      got: String(probability),
    });
  }
  return draw(bernoulliOp, { shape, options, dtypes: ["bool", "int32", "float32"], scalars: [probability] });
}
bernoulli.op = bernoulliOp;
