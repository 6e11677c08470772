/** A net as every system can make it: layers, the numbers they start from, and one batch. */
import { uniform } from "./numbers";

export type Activation = "linear" | "tanh" | "relu";

export type Layer =
  | { kind: "dense"; units: number; activation: Activation }
  /** Square kernel, stride 1. */
  | { kind: "conv2d"; filters: number; kernelSize: number; padding: "same" | "valid"; activation: Activation }
  /** Square window, as wide as its stride. */
  | { kind: "maxPool2d"; poolSize: number }
  | { kind: "flatten" };

export type LayerOf<K extends Layer["kind"]> = Extract<Layer, { kind: K }>;

/** Kernels are (in, out), those of conv2d (height, width, in, out). */
export interface Weight {
  shape: number[];
  values: Float32Array;
}

export interface Net {
  /** Of one example; images are (height, width, channels). */
  inputShape: number[];
  layers: Layer[];
}

/** One batch, the same in every step: what is measured is the step, not the loading of data. */
export interface Batch {
  size: number;
  x: Float32Array;
  /** Targets for the mean squared error, labels for the cross-entropy of the softmax. */
  y: Float32Array | Int32Array;
}

export interface TrainTask extends Net {
  weights: Weight[];
  batch: Batch;
  loss: "meanSquaredError" | "softmaxCrossentropy";
  /** Adam's; beta 0.9 and 0.999, epsilon 1e-7. */
  learningRate: number;
}

export interface ForwardTask extends Net {
  weights: Weight[];
  batch: Omit<Batch, "y">;
}

export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

interface Placed {
  /** The shape of what comes out, without the batch. */
  shape: number[];
  weights: number[][];
  /** Multiplications and additions of one example, forward. */
  flops: number;
}

/** What each layer makes of a shape, and what it needs. */
const place: { [K in Layer["kind"]]: (shape: number[], layer: LayerOf<K>) => Placed } = {
  dense: ([size = 0], { units }) => ({ shape: [units], weights: [[size, units], [units]], flops: 2 * size * units }),
  conv2d: ([height = 0, width = 0, channels = 0], { filters, kernelSize, padding }) => {
    const lost = padding === "same" ? 0 : kernelSize - 1;
    const shape = [height - lost, width - lost, filters];
    const kernel = [kernelSize, kernelSize, channels, filters];
    return { shape, weights: [kernel, [filters]], flops: 2 * product(shape) * kernelSize * kernelSize * channels };
  },
  maxPool2d: ([height = 0, width = 0, channels = 0], { poolSize }) => ({
    shape: [Math.floor(height / poolSize), Math.floor(width / poolSize), channels],
    weights: [],
    flops: height * width * channels,
  }),
  flatten: (shape) => ({ shape: [product(shape)], weights: [], flops: 0 }),
};

export function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Each layer in its place, in order. */
function placeAll({ inputShape, layers }: Net): Placed[] {
  let shape = inputShape;
  return layers.map((layer) => {
    const placed = (place[layer.kind] as (shape: number[], layer: Layer) => Placed)(shape, layer);
    ({ shape } = placed);
    return placed;
  });
}

/** Multiplications and additions of one example, forward. */
export function forwardFlops(net: Net): number {
  return placeAll(net).reduce((sum, { flops }) => sum + flops, 0);
}

/** Glorot's uniform kernels, and biases that are not zero, so that a missing one shows. */
export function startingWeights(net: Net): Weight[] {
  return placeAll(net)
    .flatMap(({ weights }) => weights)
    .map((shape, index) => {
      const receptive = product(shape.slice(0, -2));
      const [fanIn = 0, fanOut = 0] = shape.slice(-2);
      const limit = shape.length === 1 ? 0.1 : Math.sqrt(6 / (receptive * (fanIn + fanOut)));
      return { shape, values: uniform(product(shape), index + 1, -limit, limit) };
    });
}
