import { unit24 } from "../../base/random";
import type { Shape } from "../../base/shape";
import { defineDraw, draw, type DrawArguments, type RandomOptions, splitArguments } from "../define/draw";
import type { Tensor } from "../tensor";

const uniformOp = defineDraw({
  name: "uniform",
  info: {
    description: "Random numbers from a uniform distribution between two bounds.",
    source: "NumPy random.uniform",
  },
  // A compiler may fuse the product into the sum, which would round once where the reference rounds twice. The word m
  // is 0, which it cannot know.
  expression: "bitcast<f32>(bitcast<u32>(unit_interval(bits) * (b - a)) ^ m) + a",
  reference(bits, { scalars }) {
    const [low, high] = scalars.map(Math.fround) as [number, number];
    return Math.fround((bits >>> 8) * unit24 * Math.fround(high - low)) + low;
  },
});

/**
 * Random numbers in `[low, high)`, float32: 24 random bits each, the same on
 * every device. Where the bounds are close, rounding may reach `high`.
 */
export function uniform(shape: Shape, options?: RandomOptions): Tensor;
export function uniform(shape: Shape, low?: number, high?: number, options?: RandomOptions): Tensor;
export function uniform(shape: Shape, ...given: DrawArguments): Tensor {
  const { numbers, options } = splitArguments(given, [0, 1]);
  return draw(uniformOp, { shape, options, dtypes: ["float32"], scalars: numbers, words: [0] });
}
uniform.op = uniformOp;
