import { ArgumentError } from "../../base/errors";
import { boundedInteger } from "../../base/random";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type RandomOptions } from "../define/draw";
import type { Tensor } from "../tensor";

const integersOp = defineDraw({
  name: "integers",
  info: { description: "Uniformly distributed random integers.", source: "NumPy Generator.integers" },
  expression: "bitcast<i32>(multiply_high(bits, n) + m)",
  reference: (bits, { words: [low, count] }) => (boundedInteger(bits, count!) + low!) | 0,
});

/**
 * Random whole numbers from `low` to `high - 1`, int32.
 * @throws ArgumentError unless both are int32 and low < high.
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
