import { type PoolOptions, definePool } from "../define/pool";
import { poolForm, visitTaps, windowShader, type WindowUniforms } from "../define/window";
import type { Operand, Tensor } from "../tensor";

/** How many pixels the window covers at each of its places along one side. */
function covered(places: number, length: number, side: 0 | 1, { kernel, strides, before }: WindowUniforms): number[] {
  return Array.from({ length: places }, (_, place) => {
    const first = place * strides[side] - before[side];
    return Math.min(first + kernel[side], length) - Math.max(first, 0);
  });
}

/** By how much a value counts at each place of the window: padding is left out. */
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
 * The mean of each window of `poolSize` (2) over images `[batch, height, width, channels]`, in float32, padding left
 * out. Options: `strides` (the window's size), `padding` "valid".
 * @throws ShapeError if the window does not fit the images.
 */
export function avgPool2d(x: Operand, options?: PoolOptions): Tensor {
  return pool.call(x, options);
}
avgPool2d.op = pool.op;
