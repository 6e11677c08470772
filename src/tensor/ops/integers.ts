import { ArgumentError } from "../../base/errors";
import { boundedInteger } from "../../base/randomKeys";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type RandomOptions } from "../define/defineDraw";
import type { Tensor } from "../tensor";

const integersOp = defineDraw({
  name: "integers",
  info: { description: "Uniformly distributed random integers.", source: "NumPy Generator.integers" },
  expression: "bitcast<i32>(multiply_high(bits, n) + m)",
  reference: (bits, { words: [low, count] }) => (boundedInteger(bits, count!) + low!) | 0,
});

/**
 * Random whole numbers from `low` up to and excluding `high`, all equally likely, int32.
 *
 * $P(y = k) = 1 / (b - a)$ for $a \le k < b$, up to a bias below $(b - a) / 2^{32}$. Source: NumPy
 * `Generator.integers`.
 * @param options `key` makes the draw reproducible; without it the next key of the stream is used.
 * @throws ArgumentError unless both are whole numbers within int32 and `low` is less than `high`.
 * @throws DTypeError for a dtype other than int32.
 * @example
 * const dice = random.integers([1000], 1, 7, { key: random.key(1) });
 * dice.min(); // => 1
 * dice.max(); // => 6
 */
export function integers(shape: Shape, low: number, high: number, options: RandomOptions = {}): Tensor {
  const valid = Number.isInteger(low) && Number.isInteger(high) && low >= -(2 ** 31) && high < 2 ** 31 && low < high;
  if (!valid)
    throw new ArgumentError({
      at: "random.integers",
      expected: "whole numbers low < high within int32",
      got: `${low} and ${high}`,
    });
  return draw(integersOp, { shape, options, dtypes: ["int32"], words: [low >>> 0, (high - low) >>> 0] });
}
integers.op = integersOp;
