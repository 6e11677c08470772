import type { ReferenceArray } from "../../device/backend";
import { definePool, type PoolOptions } from "../define/pool";
import { poolForm, visitRuns, windowShader, type WindowUniforms } from "../define/window";
import type { Operand, Tensor } from "../tensor";

/**
 * Returns the index in `x` of the greatest value of each window: the first of equals, the first NaN before all numbers.
 */
function chosenIn(x: ReferenceArray, window: WindowUniforms): Int32Array {
  const { batch, rows, columns, channels } = window;
  const chosen = new Int32Array(batch * rows * columns * channels).fill(-1);
  visitRuns(window, (place, pixel, _, count) => {
    const end = (pixel + count) * channels;
    for (let c = 0; c < channels; c++) {
      const to = place * channels + c;
      let first = chosen[to]!;
      let best = first < 0 ? -Infinity : x[first]!;
      for (let at = pixel * channels + c; at < end; at += channels) {
        const value = x[at]!;
        // Only NaN differs from itself.
        if (first >= 0 && !(value > best) && (value === value || best !== best)) continue;
        first = at;
        best = value;
      }
      chosen[to] = first;
    }
  });
  return chosen;
}

// For a position and a channel: finds the tap with the greatest value. It does not branch for each value, because
// adjacent invocations would diverge.
const choose = `  var chosen = 0u;
  var best = T(0);
  var found = false;
  for (var y = 0u; y < uniforms.kernel.x; y++) {
    for (var x = 0u; x < uniforms.kernel.y; x++) {
      let seen = under(place, vec2u(y, x));
      if (in_image(seen)) {
        let value = input0[image_index(image, seen) + i % uniforms.channels];
        let is_chosen = !found | (((value > best) | is_nan(value)) & !is_nan(best));
        best = select(best, value, is_chosen);
        chosen = select(chosen, y * uniforms.kernel.y + x, is_chosen);
        found = true;
      }
    }
  }`;

const forward = windowShader(
  "maxPool2d",
  `  let p = i / uniforms.channels;
  let place = vec2u(p / uniforms.columns % uniforms.rows, p % uniforms.columns);
  let image = p / uniforms.columns / uniforms.rows;
${choose}
  return best;`,
  ([x], result, window) => chosenIn(x!, window).forEach((at, to) => (result[to] = x![at]!)),
  (window) => poolForm("greatest", false, window),
);

const backward = windowShader(
  "maxPool2d-gradient",
  `  let pixel = i / uniforms.channels;
  let at = vec2u(pixel / uniforms.width % uniforms.height, pixel % uniforms.width);
  let image = pixel / uniforms.width / uniforms.height;
  var sum = T(0);
  for (var tap = 0u; tap < uniforms.kernel.x * uniforms.kernel.y; tap++) {
    let place = place_over(at, vec2u(tap / uniforms.kernel.y, tap % uniforms.kernel.y));
    if (is_place(place)) {
${choose}
      if (chosen == tap) {
        sum += input1[place_index(image, place) * uniforms.channels + i % uniforms.channels];
      }
    }
  }
  return sum;`,
  ([x, gradient], result, window) => {
    result.fill(0);
    chosenIn(x!, window).forEach((at, from) => (result[at]! += gradient![from]!));
  },
  (window) => poolForm("greatest", true, window),
);

/** The same for windows that do not overlap: each window is read once, not once for each of its pixels. */
const backwardApart = {
  ...backward,
  name: "maxPool2d-gradient-apart",
  link: { file: "ops/max_pool_gradient" },
};

const pool = definePool(
  "maxPool2d",
  { description: "The greatest value that a window sees at each of its places.", source: "TensorFlow max_pool2d" },
  { forward, backward, backwardApart },
);

/**
 * The greatest value of each window that slides over images, channel by channel.
 *
 * Images `[batch, height, width, channels]` become `[batch, rows, columns, channels]`. NaN if the window covers a NaN.
 * Padding does not count. Of equal values the first receives the gradient. The result is float32; int32 and bool are
 * converted first. Source: TensorFlow `max_pool2d`.
 * @param options `poolSize` defaults to 2, `strides` to the pool size, `padding` to "valid".
 * @throws ShapeError unless the tensor has rank 4 and the window fits into the images.
 * @throws ArgumentError for sizes that are not whole numbers >= 1, or another padding.
 * @example
 * const images = arange(16).reshape([1, 4, 4, 1]);
 * images.maxPool2d().reshape([2, 2]); // => [[5, 7], [13, 15]]
 */
export function maxPool2d(x: Operand, options?: PoolOptions): Tensor {
  return pool.call(x, options);
}
maxPool2d.op = pool.op;
