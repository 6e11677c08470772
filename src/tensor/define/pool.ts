/** Ops that reduce each window of an image to one value, channel by channel. */
import { type Shape, sizeOf } from "../../base/shape";
import { type Padding, type Pair, type Window, windowOf } from "../../base/slidingWindow";
import { costOf } from "./cost";
import { apply, type Op, type TensorSpec } from "../graph";
import { cast } from "../ops/cast";
import type { Operand, Tensor } from "../tensor";
import { withoutTemporaries } from "./temporaries";
import { layoutWindow, runWindow, type windowShader, type WindowUniforms } from "./window";

/** Options of pooling. */
export interface PoolOptions {
  /** Height and width of the window; one number is used for both. Default 2. */
  poolSize?: Pair;
  /** Steps from one window to the next, down and to the right. Defaults to the pool size. */
  strides?: Pair;
  /** "valid" for no padding, or "same". Default "valid". */
  padding?: Padding;
}

type WindowShader = ReturnType<typeof windowShader>;

/** The shaders of a pooling op: forward, and its gradient, which reads the images and the gradient of the result. */
interface PoolShaders {
  forward: WindowShader;
  backward: WindowShader;
  /** Replaces `backward` if windows do not overlap: one invocation for all pixels from one position up to the next. */
  backwardApart?: WindowShader;
}

/** True if no pixel is covered from two positions, and the first position is the image's corner. */
function hasDisjointWindows({ kernel, strides, before }: WindowUniforms): boolean {
  return kernel.every((length, side) => length <= strides[side]! && before[side] === 0);
}

/** Returns the number of regions from each position up to the next, including the pixels beyond the last position. */
function cellsOf({ batch, height, width, channels, strides }: WindowUniforms): number {
  return batch * Math.ceil(height / strides[0]) * Math.ceil(width / strides[1]) * channels;
}

/** Number of values in the windows of all positions. */
function taps({ shape }: TensorSpec, { kernel }: Window): number {
  return sizeOf(shape) * kernel[0] * kernel[1];
}

export function definePool(
  name: string,
  info: Op["info"],
  { forward, backward, backwardApart }: PoolShaders,
): { op: Op<{ window: Window }>; call: (x: Operand, options?: PoolOptions) => Tensor } {
  const layoutOf = (image: Shape, window: Window) => layoutWindow(name, image, window);
  const gradientOp: Op<{ window: Window }> = {
    name: `${name}Gradient`,
    info: { description: `The gradient of ${name}.` },
    infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
    cost: (inputs, result, { window }) => costOf(inputs, result, taps(inputs[1]!, window)),
    run({ inputs, result, attributes, run }) {
      const window = layoutOf(result.shape, attributes.window);
      if (backwardApart && hasDisjointWindows(window)) {
        runWindow({ run }, backwardApart, inputs, result, window, cellsOf(window));
      } else runWindow({ run }, backward, inputs, result, window);
    },
  };
  const op: Op<{ window: Window }> = {
    name,
    info,
    infer([x], { window }) {
      const { batch, rows, columns, channels } = layoutOf(x!.shape, window);
      return { shape: [batch, rows, columns, channels], dtype: x!.dtype };
    },
    cost: (inputs, result, { window }) => costOf(inputs, result, taps(result, window)),
    run({ inputs, result, attributes, run }) {
      runWindow({ run }, forward, inputs, result, layoutOf(inputs[0]!.shape, attributes.window));
    },
    gradient: ({ inputs, gradient, attributes }) => [apply(gradientOp, [inputs[0]!, gradient], attributes)],
  };
  const call = (x: Operand, { poolSize = 2, ...options }: PoolOptions = {}) => {
    const window = windowOf(name, poolSize, poolSize, options);
    return withoutTemporaries(() => apply(op, [cast(x, "float32")], { window }));
  };
  return { op, call };
}
