import type { ReferenceArray } from "../../device/backend";
import { definePool, type PoolOptions } from "../define/pool";
import { visitTaps, windowShader, type WindowUniforms } from "../define/window";
import type { Operand, Tensor } from "../tensor";

/** Where the greatest value of each window is in `x`: the first of equals, the first NaN before all. */
function chosenIn(x: ReferenceArray, window: WindowUniforms): Int32Array {
  const { batch, rows, columns, channels } = window;
  const chosen = new Int32Array(batch * rows * columns * channels).fill(-1);
  visitTaps(window, (place, pixel) => {
    for (let c = 0; c < channels; c++) {
      const [to, at] = [place * channels + c, pixel * channels + c];
      const best = chosen[to]! < 0 ? -Infinity : x[chosen[to]!]!;
      const value = x[at]!;
      if (chosen[to]! < 0 || value > best || (Number.isNaN(value) && !Number.isNaN(best))) chosen[to] = at;
    }
  });
  return chosen;
}

// For place and channel: the tap under which the greatest value lies.
const choose = `  var chosen = 0u;
  var best = T(0);
  var found = false;
  for (var k = 0u; k < uniforms.kernel.x * uniforms.kernel.y; k++) {
    let seen = under(place, vec2u(k / uniforms.kernel.y, k % uniforms.kernel.y));
    if (in_image(seen)) {
      let value = input0[image_index(image, seen) + i % uniforms.channels];
      if (!found || (!is_nan(best) && (is_nan(value) || value > best))) {
        best = value;
        chosen = k;
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
);

const pool = definePool(
  "maxPool2d",
  { description: "The greatest value that a window sees at each of its places.", source: "TensorFlow max_pool2d" },
  { forward, backward },
);

/**
 * The greatest value of each window of `poolSize` (2) over images `[batch, height, width, channels]`, in float32; NaN
 * if one is NaN. Of equal values the first takes the gradient. Options: `strides` (the window's size), `padding` "valid".
 * @throws ShapeError if the window does not fit the images.
 */
export function maxPool2d(x: Operand, options?: PoolOptions): Tensor {
  return pool.call(x, options);
}
maxPool2d.op = pool.op;
