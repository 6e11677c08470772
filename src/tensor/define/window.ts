/** Windows that slide over images `[batch, height, width, channels]`: of convolutions and pooling. */
import { ShapeError } from "../../base/errors";
import { formatShape, type Shape } from "../../base/shape";
import { checkWindowFits, type Two, type Window, windowAlong } from "../../base/slidingWindow";
import type { Link, ReferenceArray, Shader } from "../../device/backend";
import type { Form, PoolLoop, WindowSides } from "../../device/form";
import type { OpCall } from "../graph";
import type { Tensor } from "../tensor";

/** A window over images of one shape. */
export interface WindowUniforms extends Window {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Number of positions of the window, down and to the right. */
  readonly rows: number;
  readonly columns: number;
  /** Padding above and to the left. */
  readonly before: Two;
  /** Outputs for each channel in a depthwise convolution, else 1. */
  readonly multiplier: number;
}

/** @throws ShapeError unless the shape is a batch of images that the window fits into. */
export function layoutWindow(at: string, image: Shape, window: Window, multiplier = 1): WindowUniforms {
  const [batch, height, width, channels] = image as [number, number, number, number];
  if (image.length !== 4)
    throw new ShapeError({ at, expected: "images [batch, height, width, channels]", got: formatShape(image) });
  const [rows, top] = windowAlong(height, 0, window);
  const [columns, left] = windowAlong(width, 1, window);
  checkWindowFits(at, image, window, [rows, columns]);
  return { ...window, batch, height, width, channels, rows, columns, before: [top, left], multiplier };
}

function pack({ kernel, strides, dilation, before, ...rest }: WindowUniforms, size: number): Uint32Array<ArrayBuffer> {
  const { height, width, channels, rows, columns, multiplier } = rest;
  const lengths = [size, height, width, channels, rows, columns, multiplier, 0];
  return Uint32Array.of(...lengths, ...kernel, ...strides, ...dilation, ...before);
}

/** The uniforms with the number of invocations. */
type SizedUniforms = WindowUniforms & { size: number };

/** Returns a shader of the driver `window` whose WGSL is `element`, or a shader of a file with the same uniforms. */
export function windowShader(
  name: string,
  element: string | Link,
  reference: (inputs: readonly ReferenceArray[], result: ReferenceArray, window: WindowUniforms) => void,
  form?: (window: WindowUniforms) => Form,
): Shader<SizedUniforms> {
  return {
    name,
    link:
      typeof element === "string"
        ? { file: "drivers/window", element: `fn element(i: u32) -> T {\n${element}\n}` }
        : element,
    pack: (uniforms) => pack(uniforms, uniforms.size),
    reference,
    ...(form && { form }),
  };
}

function sidesOf(window: WindowUniforms): WindowSides {
  const { batch, channels, height, width, rows, columns, kernel, strides, dilation, before } = window;
  return { batch, channels, lengths: [height, width], positions: [rows, columns], kernel, strides, dilation, before };
}

/** @param takes true to take patches from images, false to add patches to images */
export function windowForm(takes: boolean, window: WindowUniforms): Form {
  return { kind: "window", toPatches: takes, ...sidesOf(window) };
}

export function poolForm(gives: PoolLoop["reduction"], gradient: boolean, window: WindowUniforms): Form {
  return { kind: "pool", reduction: gives, gradient, ...sidesOf(window) };
}

/** @param size number of invocations; defaults to one for each element of the result */
export function runWindow(
  call: Pick<OpCall<unknown>, "run">,
  shader: Shader<SizedUniforms>,
  inputs: readonly Tensor[],
  result: Tensor,
  window: WindowUniforms,
  size = result.size,
): void {
  call.run(shader, inputs, result, { ...window, size }, Math.ceil(size / 64));
}

/**
 * For a reference: visits, for each position, the part of each row of the window that is inside the image. It consists
 * of `count` adjacent pixels from `pixel` and `tap` on. `place` and `pixel` count over the batch; each has all
 * channels.
 */
export function visitRuns(
  window: WindowUniforms,
  visit: (place: number, pixel: number, tap: number, count: number) => void,
): void {
  const { batch, height, width, rows, columns, kernel, strides, dilation, before } = window;
  const sideBySide = dilation[1] === 1;
  for (let image = 0, place = 0; image < batch; image++) {
    for (let row = 0; row < rows; row++) {
      const top = row * strides[0] - before[0];
      for (let column = 0; column < columns; column++, place++) {
        const left = column * strides[1] - before[1];
        for (let ky = 0, y = top; ky < kernel[0]; ky++, y += dilation[0]) {
          if (y < 0 || y >= height) continue;
          const line = (image * height + y) * width;
          const tap = ky * kernel[1];
          if (sideBySide) {
            const first = left < 0 ? -left : 0;
            const end = left + kernel[1] > width ? width - left : kernel[1];
            if (first < end) visit(place, line + left + first, tap + first, end - first);
          } else {
            for (let kx = 0, x = left; kx < kernel[1]; kx++, x += dilation[1])
              if (x >= 0 && x < width) visit(place, line + x, tap + kx, 1);
          }
        }
      }
    }
  }
}

/** As `visitRuns`, but visits each element of the window separately. */
export function visitTaps(window: WindowUniforms, visit: (place: number, pixel: number, tap: number) => void): void {
  visitRuns(window, (place, pixel, tap, count) => {
    for (let k = 0; k < count; k++) visit(place, pixel + k, tap + k);
  });
}
