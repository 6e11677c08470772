import { ShapeError } from "../../base/errors";
import { formatShape, type Shape, sizeOf } from "../../base/shape";
import { type Window, type WindowOptions, windowOf } from "../../base/slidingWindow";
import { costOf } from "../define/cost";
import type { OpCall } from "../graph";
import { withoutTemporaries } from "../define/temporaries";
import { layoutWindow, runWindow, visitRuns, windowForm, windowShader, type WindowUniforms } from "../define/window";
import { apply, type Op, type TensorSpec } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";
import { concat } from "./concat";
import { runMatmul } from "./matmul";

/**
 * A convolution is a matrix product: the left matrix has a row for each position of the window, with all elements that
 * it covers there.
 */
const patchesShader = windowShader(
  "patches",
  { file: "ops/patches" },
  ([x], result, window) => {
    const { channels, kernel } = window;
    const taps = kernel[0] * kernel[1];
    result.fill(0);
    visitRuns(window, (place, pixel, tap, count) => {
      const to = (place * taps + tap) * channels;
      const from = pixel * channels;
      for (let c = 0; c < count * channels; c++) result[to + c] = x![from + c]!;
    });
  },
  (window) => windowForm(true, window),
);

/** Each pixel sums the patches that contain it: the gradient of taking patches. */
const foldShader = windowShader(
  "fold-patches",
  `  let pixel = i / uniforms.channels;
  let at = vec2u(pixel / uniforms.width % uniforms.height, pixel % uniforms.width);
  let image = pixel / uniforms.width / uniforms.height;
  let taps = uniforms.kernel.x * uniforms.kernel.y;
  let channel = i % uniforms.channels;
  let padded = at + uniforms.before;
  var sum = T(0);
  for (var ky = 0u; ky < uniforms.kernel.x; ky++) {
    // Negative positions wrap to large ones, which are out of range.
    let down = padded.x - ky * uniforms.dilation.x;
    let row = down / uniforms.strides.x;
    if (down % uniforms.strides.x == 0u && row < uniforms.rows) {
      let line = (image * uniforms.rows + row) * uniforms.columns;
      for (var kx = 0u; kx < uniforms.kernel.y; kx++) {
        let across = padded.y - kx * uniforms.dilation.y;
        let column = across / uniforms.strides.y;
        if (across % uniforms.strides.y == 0u && column < uniforms.columns) {
          sum += input0[((line + column) * taps + ky * uniforms.kernel.y + kx) * uniforms.channels + channel];
        }
      }
    }
  }
  return sum;`,
  ([patches], result, window) => {
    const { channels, kernel } = window;
    const taps = kernel[0] * kernel[1];
    result.fill(0);
    visitRuns(window, (place, pixel, tap, count) => {
      const from = (place * taps + tap) * channels;
      const to = pixel * channels;
      for (let c = 0; c < count * channels; c++) result[to + c]! += patches![from + c]!;
    });
  },
  (window) => windowForm(false, window),
);

interface ConvAttributes {
  window: Window;
  /** Shape of the images. */
  image: Shape;
}

/** Returns the rows and columns of the matrix of patches. */
function patchSizes({ batch, rows, columns, kernel, channels }: WindowUniforms): [number, number] {
  return [batch * rows * columns, kernel[0] * kernel[1] * channels];
}

/** Returns the patches of the images; the images themselves if the window covers one pixel. */
function patchesOf(call: OpCall<ConvAttributes>, x: Tensor, window: WindowUniforms): Tensor {
  const [places, depth] = patchSizes(window);
  if (depth === window.channels && places * depth === x.size) return x;
  const patches = call.scratch([places, depth], x.dtype);
  runWindow(call, patchesShader, [x], patches, window, places * window.channels);
  return patches;
}

/** Number of products of a convolution with this result, which are also those of both its gradients. */
function products(result: TensorSpec, kernel: TensorSpec): number {
  return sizeOf(result.shape) * sizeOf(kernel.shape.slice(0, 3));
}

const inputGradientOp: Op<ConvAttributes> = {
  name: "conv2dInputGradient",
  info: { description: "The gradient of a convolution with respect to its images." },
  infer: ([gradient], { image }) => ({ shape: image, dtype: gradient!.dtype }),
  cost: ([gradient, kernel], result) => costOf([gradient!, kernel!], result, products(gradient!, kernel!)),
  run(call) {
    const [gradient, kernel] = call.inputs as [Tensor, Tensor];
    const window = layoutWindow("conv2d", call.attributes.image, call.attributes.window);
    const [places, depth] = patchSizes(window);
    const filters = kernel.shape[3]!;
    const patches = call.scratch([places, depth], gradient.dtype);
    const layout = { a: [places, filters], b: [depth, filters], result: [places, depth] };
    runMatmul(call, [gradient, kernel], patches, { ...layout, transposeA: false, transposeB: true });
    runWindow(call, foldShader, [patches], call.result, window);
  },
};

const kernelGradientOp: Op<ConvAttributes> = {
  name: "conv2dKernelGradient",
  info: { description: "The gradient of a convolution with respect to its kernel." },
  infer: ([x, gradient], { window }) => ({
    shape: [...window.kernel, x!.shape[3]!, gradient!.shape[3]!],
    dtype: x!.dtype,
  }),
  cost: ([x, gradient], result) => costOf([x!, gradient!], result, products(gradient!, result)),
  run(call) {
    const [x, gradient] = call.inputs as [Tensor, Tensor];
    const window = layoutWindow("conv2d", x.shape, call.attributes.window);
    const [places, depth] = patchSizes(window);
    const filters = gradient.shape[3]!;
    const layout = { a: [places, depth], b: [places, filters], result: [depth, filters] };
    const inputs = [patchesOf(call, x, window), gradient];
    runMatmul(call, inputs, call.result, { ...layout, transposeA: true, transposeB: false });
  },
};

const conv2dOp: Op<ConvAttributes> = {
  name: "conv2d",
  info: {
    description: "A kernel slides over images and computes a weighted sum at each position.",
    formula: "y_{ijf} = \\sum_{abc} x_{i+a,\\,j+b,\\,c}\\, k_{abcf}",
    source: "TensorFlow conv2d",
  },
  infer([x, kernel], { window }) {
    const { batch, rows, columns } = layoutWindow("conv2d", x!.shape, window);
    return { shape: [batch, rows, columns, kernel!.shape[3]!], dtype: x!.dtype };
  },
  cost: ([x, kernel], result) => costOf([x!, kernel!], result, products(result, kernel!)),
  run(call) {
    const [x, kernel] = call.inputs as [Tensor, Tensor];
    const window = layoutWindow("conv2d", x.shape, call.attributes.window);
    const [places, depth] = patchSizes(window);
    const filters = kernel.shape[3]!;
    const layout = { a: [places, depth], b: [depth, filters], result: [places, filters] };
    const inputs = [patchesOf(call, x, window), kernel];
    runMatmul(call, inputs, call.result, { ...layout, transposeA: false, transposeB: false });
  },
  gradient({ inputs, gradient, attributes, needs }) {
    const [x, kernel] = inputs as [Tensor, Tensor];
    return [
      needs(0) ? apply(inputGradientOp, [gradient, kernel], attributes) : undefined,
      needs(1) ? apply(kernelGradientOp, [x, gradient], attributes) : undefined,
    ];
  },
};

/** @throws ShapeError unless a kernel `[height, width, channels, ...]` fits the images. */
export function checkKernel(at: string, x: Operand, kernel: Operand): void {
  if (x.shape.length === 4 && kernel.shape.length === 4 && kernel.shape[2] === x.shape[3]) return;
  throw new ShapeError({
    at,
    expected: "images [batch, height, width, channels] and a kernel [height, width, channels, outputs]",
    got: `${formatShape(x.shape)} and ${formatShape(kernel.shape)}`,
  });
}

/** Patches beyond this number of elements are computed in several turns: every device can store a tensor of 128 MiB. */
const mostPatches = 2 ** 25;

/**
 * The convolution of images with a kernel: at each position of the window, the weighted sum of what it covers.
 *
 * $y_{ijf} = \sum_{abc} x_{i+a, j+b, c} k_{abcf}$ for strides 1 (strictly a cross-correlation, as in all such
 * libraries). Images `[batch, height, width, channels]` and a kernel `[height, width, channels, filters]` become
 * `[batch, rows, columns, filters]`. The result is float32; int32 and bool are converted first. Source: TensorFlow
 * `conv2d`.
 * @param options `strides` defaults to 1, `padding` to "valid", `dilationRate` to 1.
 * @throws ShapeError unless both have rank 4, their channels agree, and the window fits into the images.
 * @throws ArgumentError for strides or dilation rates that are not whole numbers >= 1, or another padding.
 * @example
 * const images = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]).reshape([1, 3, 3, 1]);
 * const kernel = ones([2, 2, 1, 1]);
 * images.conv2d(kernel).reshape([2, 2]); // => [[12, 16], [24, 28]]
 * images.conv2d(kernel, { strides: 2, padding: "same" }).reshape([2, 2]); // => [[12, 9], [15, 9]]
 */
export function conv2d(x: Operand, kernel: Operand, options?: WindowOptions): Tensor {
  checkKernel("conv2d", x, kernel);
  const window = windowOf("conv2d", kernel.shape.slice(0, 2), 1, options);
  const [batch, ...rest] = x.shape as [number, ...number[]];
  const { rows, columns } = layoutWindow("conv2d", x.shape, window);
  const atOnce = Math.max(1, Math.floor(mostPatches / Math.max(1, rows * columns * sizeOf(kernel.shape.slice(0, 3)))));
  return withoutTemporaries(() => {
    const weights = cast(kernel, "float32");
    const convolve = (images: Tensor) => apply(conv2dOp, [images, weights], { window, image: images.shape });
    const images = cast(x, "float32");
    if (batch <= atOnce) return convolve(images);
    const starts = Array.from({ length: Math.ceil(batch / atOnce) }, (_, turn) => turn * atOnce);
    return concat(starts.map((start) => convolve(images.slice([start], [start + atOnce, ...rest]))));
  });
}
conv2d.op = conv2dOp;
