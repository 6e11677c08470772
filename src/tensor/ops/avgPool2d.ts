import { type PoolOptions, definePool } from "../define/pool";
import { poolForm, visitTaps, windowShader, type WindowUniforms } from "../define/window";
import type { Operand, Tensor } from "../tensor";

/** Returns the number of pixels that the window covers at each of its positions along one side. */
function covered(places: number, length: number, side: 0 | 1, { kernel, strides, before }: WindowUniforms): number[] {
  return Array.from({ length: places }, (_, place) => {
    const first = place * strides[side] - before[side];
    return Math.min(first + kernel[side], length) - Math.max(first, 0);
  });
}

/** Returns the weight of a value at each position of the window: padding does not count. */
function shares(window: WindowUniforms): (place: number) => number {
  const { rows, columns, height, width } = window;
  const down = covered(rows, height, 0, window);
  const across = covered(columns, width, 1, window);
  return (place) => 1 / (down[Math.floor(place / columns) % rows]! * across[place % columns]!);
}

const forward = windowShader(
  "avgPool2d",
  `  let p = i / uniforms.channels;
  let place = vec2u(p / uniforms.columns % uniforms.rows, p % uniforms.columns);
  var sum = T(0);
  var count = T(0);
  for (var tap = 0u; tap < uniforms.kernel.x * uniforms.kernel.y; tap++) {
    let at = under(place, vec2u(tap / uniforms.kernel.y, tap % uniforms.kernel.y));
    if (in_image(at)) {
      sum += input0[image_index(p / uniforms.columns / uniforms.rows, at) + i % uniforms.channels];
      count += T(1);
    }
  }
  return sum / count;`,
  ([x], result, window) => {
    const { channels } = window;
    const share = shares(window);
    result.fill(0);
    visitTaps(window, (place, pixel) => {
      const factor = share(place);
      for (let c = 0; c < channels; c++) result[place * channels + c]! += x![pixel * channels + c]! * factor;
    });
  },
  (window) => poolForm("mean", false, window),
);

const backward = windowShader(
  "avgPool2d-gradient",
  `  let pixel = i / uniforms.channels;
  let at = vec2u(pixel / uniforms.width % uniforms.height, pixel % uniforms.width);
  let image = pixel / uniforms.width / uniforms.height;
  let end = vec2u(uniforms.height, uniforms.width) + uniforms.before;
  var sum = T(0);
  for (var tap = 0u; tap < uniforms.kernel.x * uniforms.kernel.y; tap++) {
    let place = place_over(at, vec2u(tap / uniforms.kernel.y, tap % uniforms.kernel.y));
    if (is_place(place)) {
      let first = place * uniforms.strides;
      let covered = min(first + uniforms.kernel, end) - max(first, uniforms.before);
      sum += input1[place_index(image, place) * uniforms.channels + i % uniforms.channels] / T(covered.x * covered.y);
    }
  }
  return sum;`,
  ([, gradient], result, window) => {
    const { channels } = window;
    const share = shares(window);
    result.fill(0);
    visitTaps(window, (place, pixel) => {
      const factor = share(place);
      for (let c = 0; c < channels; c++) result[pixel * channels + c]! += gradient![place * channels + c]! * factor;
    });
  },
  (window) => poolForm("mean", true, window),
);

const pool = definePool(
  "avgPool2d",
  { description: "The mean over a window at each of its positions.", source: "TensorFlow avg_pool2d" },
  { forward, backward },
);

/**
 * The mean of each window that slides over images, channel by channel.
 *
 * Images `[batch, height, width, channels]` become `[batch, rows, columns, channels]`. Padding does not count: near a
 * border the mean is that of the pixels inside. The result is float32; int32 and bool are converted first. Source:
 * TensorFlow `avg_pool2d`.
 * @param options `poolSize` defaults to 2, `strides` to the pool size, `padding` to "valid".
 * @throws ShapeError unless the tensor has rank 4 and the window fits into the images.
 * @throws ArgumentError for sizes that are not whole numbers >= 1, or another padding.
 * @example
 * const images = arange(16).reshape([1, 4, 4, 1]);
 * images.avgPool2d().reshape([2, 2]); // => [[2.5, 4.5], [10.5, 12.5]]
 */
export function avgPool2d(x: Operand, options?: PoolOptions): Tensor {
  return pool.call(x, options);
}
avgPool2d.op = pool.op;
