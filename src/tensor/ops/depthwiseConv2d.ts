import { type Shape, sizeOf } from "../../base/shape";
import { type Window, type WindowOptions, windowOf } from "../../base/slidingWindow";
import { costOf } from "../define/cost";
import { defineFold, runFold } from "../define/reduce";
import { withoutTemporaries } from "../define/temporaries";
import { layoutWindow, runWindow, visitTaps, windowShader } from "../define/window";
import { apply, type Op, type TensorSpec } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";
import { checkKernel } from "./conv2d";

const forward = windowShader(
  "depthwiseConv2d",
  `  let output = i % (uniforms.channels * uniforms.multiplier);
  let p = i / (uniforms.channels * uniforms.multiplier);
  let place = vec2u(p / uniforms.columns % uniforms.rows, p % uniforms.columns);
  var sum = T(0);
  for (var tap = 0u; tap < uniforms.kernel.x * uniforms.kernel.y; tap++) {
    let at = under(place, vec2u(tap / uniforms.kernel.y, tap % uniforms.kernel.y));
    if (in_image(at)) {
      let weight = input1[tap * uniforms.channels * uniforms.multiplier + output];
      sum += input0[image_index(p / uniforms.columns / uniforms.rows, at) + output / uniforms.multiplier] * weight;
    }
  }
  return sum;`,
  ([x, kernel], result, window) => {
    const { channels, multiplier } = window;
    const outputs = channels * multiplier;
    result.fill(0);
    visitTaps(window, (place, pixel, tap) => {
      for (let o = 0; o < outputs; o++) {
        result[place * outputs + o]! +=
          x![pixel * channels + Math.floor(o / multiplier)]! * kernel![tap * outputs + o]!;
      }
    });
  },
);

const byInput = windowShader(
  "depthwiseConv2d-input",
  `  let pixel = i / uniforms.channels;
  let at = vec2u(pixel / uniforms.width % uniforms.height, pixel % uniforms.width);
  let image = pixel / uniforms.width / uniforms.height;
  let outputs = uniforms.channels * uniforms.multiplier;
  let first = i % uniforms.channels * uniforms.multiplier;
  var sum = T(0);
  for (var tap = 0u; tap < uniforms.kernel.x * uniforms.kernel.y; tap++) {
    let place = place_over(at, vec2u(tap / uniforms.kernel.y, tap % uniforms.kernel.y));
    if (is_place(place)) {
      for (var o = first; o < first + uniforms.multiplier; o++) {
        sum += input0[place_index(image, place) * outputs + o] * input1[tap * outputs + o];
      }
    }
  }
  return sum;`,
  ([gradient, kernel], result, window) => {
    const { channels, multiplier } = window;
    const outputs = channels * multiplier;
    result.fill(0);
    visitTaps(window, (place, pixel, tap) => {
      for (let o = 0; o < outputs; o++) {
        const product = gradient![place * outputs + o]! * kernel![tap * outputs + o]!;
        result[pixel * channels + Math.floor(o / multiplier)]! += product;
      }
    });
  },
);

/**
 * The gradient of the kernel for each image separately: a second shader adds them up, so that enough invocations work
 * in parallel.
 */
const byKernel = windowShader(
  "depthwiseConv2d-kernel",
  `  let output = i % (uniforms.channels * uniforms.multiplier);
  let outputs = uniforms.channels * uniforms.multiplier;
  let taps = uniforms.kernel.x * uniforms.kernel.y;
  let tap = i / outputs % taps;
  let image = i / outputs / taps;
  var sum = T(0);
  for (var p = 0u; p < uniforms.rows * uniforms.columns; p++) {
    let place = vec2u(p / uniforms.columns, p % uniforms.columns);
    let at = under(place, vec2u(tap / uniforms.kernel.y, tap % uniforms.kernel.y));
    if (in_image(at)) {
      let value = input0[image_index(image, at) + output / uniforms.multiplier];
      sum += value * input1[place_index(image, place) * outputs + output];
    }
  }
  return sum;`,
  ([x, gradient], result, window) => {
    const { channels, multiplier, rows, columns, kernel } = window;
    const outputs = channels * multiplier;
    const taps = kernel[0] * kernel[1];
    result.fill(0);
    visitTaps(window, (place, pixel, tap) => {
      const to = (Math.floor(place / (rows * columns)) * taps + tap) * outputs;
      for (let o = 0; o < outputs; o++) {
        result[to + o]! += x![pixel * channels + Math.floor(o / multiplier)]! * gradient![place * outputs + o]!;
      }
    });
  },
);

const addImages = defineFold(
  "sum",
  "add",
  (a, b) => a + b,
  (a, b) => (a + b) | 0,
);

interface DepthwiseAttributes {
  window: Window;
  image: Shape;
  multiplier: number;
}

function layoutOf({ image, window, multiplier }: DepthwiseAttributes) {
  return layoutWindow("depthwiseConv2d", image, window, multiplier);
}

/** Number of products of a convolution with this result, which are also those of both its gradients. */
function products({ shape }: TensorSpec, { kernel }: Window): number {
  return sizeOf(shape) * kernel[0] * kernel[1];
}

const inputGradientOp: Op<DepthwiseAttributes> = {
  name: "depthwiseConv2dInputGradient",
  info: { description: "The gradient of a depthwise convolution with respect to its images." },
  infer: ([gradient], { image }) => ({ shape: image, dtype: gradient!.dtype }),
  cost: (inputs, result, { window }) => costOf(inputs, result, products(inputs[0]!, window)),
  run: (call) => runWindow(call, byInput, call.inputs, call.result, layoutOf(call.attributes)),
};

const kernelGradientOp: Op<DepthwiseAttributes> = {
  name: "depthwiseConv2dKernelGradient",
  info: { description: "The gradient of a depthwise convolution with respect to its kernel." },
  infer: ([x], { window, image, multiplier }) => ({
    shape: [...window.kernel, image[3]!, multiplier],
    dtype: x!.dtype,
  }),
  cost: (inputs, result, { window }) => costOf(inputs, result, products(inputs[1]!, window)),
  run(call) {
    const { result } = call;
    const window = layoutOf(call.attributes);
    const parts = call.scratch([window.batch, result.size], result.dtype);
    runWindow(call, byKernel, call.inputs, parts, window);
    runFold(call, addImages, parts, result, [0], 0);
  },
};

const depthwiseOp: Op<DepthwiseAttributes> = {
  name: "depthwiseConv2d",
  info: {
    description: "A convolution of each channel with its own kernels.",
    formula: "y_{ij,\\,cm} = \\sum_{ab} x_{i+a,\\,j+b,\\,c}\\, k_{abcm}",
    source: "TensorFlow depthwise_conv2d",
  },
  infer([x], attributes) {
    const { batch, rows, columns, channels, multiplier } = layoutOf(attributes);
    return { shape: [batch, rows, columns, channels * multiplier], dtype: x!.dtype };
  },
  cost: (inputs, result, { window }) => costOf(inputs, result, products(result, window)),
  run: (call) => runWindow(call, forward, call.inputs, call.result, layoutOf(call.attributes)),
  gradient({ inputs, gradient, attributes, needs }) {
    const [x, kernel] = inputs as [Tensor, Tensor];
    return [
      needs(0) ? apply(inputGradientOp, [gradient, kernel], attributes) : undefined,
      needs(1) ? apply(kernelGradientOp, [x, gradient], attributes) : undefined,
    ];
  },
};

/**
 * The convolution of each channel of images with separate filters; channels do not mix.
 *
 * $y_{ij,cm} = \sum_{ab} x_{i+a, j+b, c} k_{abcm}$ for strides 1. Images `[batch, height, width, channels]` and a
 * kernel `[height, width, channels, multiplier]` become `[batch, rows, columns, channels * multiplier]`, the outputs of
 * a channel side by side. The result is float32; int32 and bool are converted first. Source: TensorFlow
 * `depthwise_conv2d`.
 * @param options `strides` defaults to 1, `padding` to "valid", `dilationRate` to 1.
 * @throws ShapeError unless both have rank 4, their channels agree, and the window fits into the images.
 * @throws ArgumentError for strides or dilation rates that are not whole numbers >= 1, or another padding.
 * @example
 * const images = tensor([1, 10, 2, 20, 3, 30, 4, 40]).reshape([1, 2, 2, 2]);
 * images.depthwiseConv2d(ones([2, 2, 2, 1])); // => [[[[10, 100]]]]
 */
export function depthwiseConv2d(x: Operand, kernel: Operand, options?: WindowOptions): Tensor {
  checkKernel("depthwiseConv2d", x, kernel);
  const window = windowOf("depthwiseConv2d", kernel.shape.slice(0, 2), 1, options);
  return withoutTemporaries(() =>
    apply(depthwiseOp, [cast(x, "float32"), cast(kernel, "float32")], {
      window,
      image: x.shape,
      multiplier: kernel.shape[3]!,
    }),
  );
}
depthwiseConv2d.op = depthwiseOp;
