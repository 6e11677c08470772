/** A net as every system can make it: layers, the numbers they start from, and one batch. */

/** `gelu` is the exact one, by the error function. */
export type Activation = "linear" | "tanh" | "relu" | "gelu";

export type Layer =
  /** Of the last axis. */
  | { kind: "dense"; units: number; activation: Activation }
  /** Square kernel, stride 1. */
  | { kind: "conv2d"; filters: number; kernelSize: number; padding: "same" | "valid"; activation: Activation }
  /** Square window, as wide as its stride. */
  | { kind: "maxPool2d"; poolSize: number }
  | { kind: "flatten" }
  /** Keras's, with reset_after; its last state. */
  | { kind: "gru"; units: number }
  /** A trained vector for each whole number below `count`. */
  | { kind: "embedding"; count: number; width: number }
  /** Adds a trained vector to each step. */
  | { kind: "positions" }
  /** Of the last axis, with a trained scale and shift. */
  | { kind: "layerNorm" }
  /** Self-attention in which no step sees a later one; heads of this size, and biases in all four products. */
  | { kind: "causalAttention"; heads: number; size: number }
  /** What these layers make of `x`, added to `x`. */
  | { kind: "residual"; layers: Layer[] };

export type LayerOf<K extends Layer["kind"]> = Extract<Layer, { kind: K }>;

/**
 * Kernels are (in, out), those of conv2d (height, width, in, out); the columns of a GRU's are its gates z, r and
 * candidate, those of an attention its heads.
 */
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
  /** Whole numbers for an embedding. */
  x: Float32Array | Int32Array;
  /** Targets for the mean squared error, labels for the cross-entropy of the softmax, one for each row of outputs. */
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

/** What a layer norm adds to the variance. */
export const normEpsilon = 1e-5;
