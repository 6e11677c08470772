import { unit24 } from "../../base/randomKeys";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type DrawArguments, type RandomOptions, splitArguments } from "../define/defineDraw";
import type { Tensor } from "../tensor";

const uniformOp = defineDraw({
  name: "uniform",
  info: {
    description: "Random numbers from a uniform distribution between two bounds.",
    source: "NumPy random.uniform",
  },
  // A compiler may fuse the product and the sum, which would round once where the reference rounds twice. The word m
  // is always 0, but the compiler cannot know it.
  expression: "bitcast<f32>(bitcast<u32>(unit_interval(bits) * (b - a)) ^ m) + a",
  reference(bits, { scalars }) {
    const [low, high] = scalars.map(Math.fround) as [number, number];
    return Math.fround((bits >>> 8) * unit24 * Math.fround(high - low)) + low;
  },
});

/**
 * Random numbers that are equally likely everywhere in `[low, high)`, float32.
 *
 * $y \sim U(a, b)$. `low` defaults to 0, `high` to 1. They are drawn from 24 random bits each. If the bounds are so
 * close that float32 rounds, `high` itself may occur. Source: NumPy `random.uniform`.
 * @param options `key` makes the draw reproducible; without it the next key of the stream is used.
 * @throws DTypeError for a dtype other than float32.
 * @example
 * const x = random.uniform([1000], -1, 1, { key: random.key(1) });
 * x.abs().max().lessEqual(1); // => 1
 * allClose(x, random.uniform([1000], -1, 1, { key: random.key(1) })); // => true
 */
export function uniform(shape: Shape, options?: RandomOptions): Tensor;
export function uniform(shape: Shape, low?: number, high?: number, options?: RandomOptions): Tensor;
export function uniform(shape: Shape, ...given: DrawArguments): Tensor {
  const { numbers, options } = splitArguments(given, [0, 1]);
  return draw(uniformOp, { shape, options, dtypes: ["float32"], scalars: numbers, words: [0] });
}
uniform.op = uniformOp;
