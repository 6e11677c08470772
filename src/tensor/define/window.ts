/** Windows that slide over images `[batch, height, width, channels]`: of convolutions and pooling. */
import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape, type Shape } from "../../base/shape";
import type { Link, ReferenceArray, Shader } from "../../device/backend";
import type { Form, PoolLoop, WindowSides } from "../../device/form";
import type { OpCall } from "../graph";
import type { Tensor } from "../tensor";

/** Two numbers for the height and the width; one number is used for both. */
export type Pair = number | readonly number[];
type Two = readonly [number, number];

/** "same": as many zeros around the image as keep its size if strides are 1; "valid": none. */
export type Padding = "valid" | "same";

/** Options of convolutions. */
export interface WindowOptions {
  /** Steps from one position of the window to the next, down and to the right. Default 1. */
  strides?: Pair;
  /** "valid" for no padding, or "same" for zeros around the image. Default "valid". */
  padding?: Padding;
  /** Steps from one element of the window to the next. Default 1. */
  dilationRate?: Pair;
}

/** The part of a window that does not depend on the image: attributes of its op. */
export interface Window {
  readonly kernel: Two;
  readonly strides: Two;
  readonly dilation: Two;
  readonly padding: Padding;
}

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

/** @throws ArgumentError unless the value is one or two whole numbers >= 1. */
export function pairOf(at: string, name: string, value: Pair): Two {
  if (typeof value !== "number" && !Array.isArray(value)) {
    const got = value === null ? "null" : typeof value;
    throw new ArgumentError({ at, expected: `${name}: a whole number or a pair`, got });
  }
  const [first, second = first] = typeof value === "number" ? [value] : value;
  const valid = typeof value === "number" || value.length === 1 || value.length === 2;
  if (valid && [first, second].every((n) => Number.isInteger(n) && n! >= 1)) return [first!, second!];
  throw new ArgumentError({
    at,
    expected: `${name} that is a whole number >= 1, or two of them`,
    got: JSON.stringify(value),
  });
}

/** @throws ArgumentError for an invalid size, stride, dilation rate or padding. */
export function windowOf(at: string, kernel: Pair, defaultStrides: Pair, options: WindowOptions = {}): Window {
  const { strides = defaultStrides, padding = "valid", dilationRate = 1 } = options;
  if (padding !== "valid" && padding !== "same")
    throw new ArgumentError({ at, expected: 'padding "valid" or "same"', got: JSON.stringify(padding) });
  return {
    kernel: pairOf(at, "a window size", kernel),
    strides: pairOf(at, "strides", strides),
    dilation: pairOf(at, "a dilation rate", dilationRate),
    padding,
  };
}

/** Returns the number of positions along one side, and the padding before the first, by TensorFlow's rule. */
function along(length: number, side: 0 | 1, { kernel, strides, dilation, padding }: Window): [number, number] {
  const reach = (kernel[side] - 1) * dilation[side] + 1;
  const stride = strides[side];
  if (padding === "valid") return [Math.max(0, Math.floor((length - reach) / stride) + 1), 0];
  const places = Math.ceil(length / stride);
  return [places, Math.max(0, (places - 1) * stride + reach - length) >> 1];
}

/** Returns the height and width of the result; `null` stands for any length. */
export function windowPositions(lengths: readonly (number | null)[], window: Window): (number | null)[] {
  return lengths.map((length, side) => length && along(length, side as 0 | 1, window)[0]);
}

/** @throws ShapeError unless the shape is a batch of images that the window fits into. */
export function layoutWindow(at: string, image: Shape, window: Window, multiplier = 1): WindowUniforms {
  const [batch, height, width, channels] = image as [number, number, number, number];
  if (image.length !== 4)
    throw new ShapeError({ at, expected: "images [batch, height, width, channels]", got: formatShape(image) });
  const [rows, top] = along(height, 0, window);
  const [columns, left] = along(width, 1, window);
  if ((rows === 0 || columns === 0) && height * width > 0) {
    throw new ShapeError({
      at,
      expected: `images of at least ${window.kernel.map((n, side) => (n - 1) * window.dilation[side]! + 1).join(" x ")}`,
      got: formatShape(image),
      remedy: 'Use a smaller window or padding "same".',
    });
  }
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
