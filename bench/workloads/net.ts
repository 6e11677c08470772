/** Description of a net that every system can build: layers, initial weights and one batch. */

/** `gelu` is the exact one, by the error function. */
export type Activation = "linear" | "tanh" | "relu" | "gelu";

export type Layer =
  /** Acts on the last axis. */
  | { kind: "dense"; units: number; activation: Activation }
  /** Square kernel, stride 1. */
  | { kind: "conv2d"; filters: number; kernelSize: number; padding: "same" | "valid"; activation: Activation }
  /** Square window, stride equal to its size. */
  | { kind: "maxPool2d"; poolSize: number }
  | { kind: "flatten" }
  /** As in Keras with reset_after; returns the last state. */
  | { kind: "gru"; units: number }
  /** A trained vector per integer less than `count`. */
  | { kind: "embedding"; count: number; width: number }
  /** Adds a trained vector to each time step. */
  | { kind: "positions" }
  /** Acts on the last axis, with trained scale and shift. */
  | { kind: "layerNorm" }
  /** Self-attention in which no time step sees a later one, with heads of this size and biases in all four products. */
  | { kind: "causalAttention"; heads: number; size: number }
  /** Adds the output of these layers to their input. */
  | { kind: "residual"; layers: Layer[] };

export type LayerOf<K extends Layer["kind"]> = Extract<Layer, { kind: K }>;

/**
 * Kernels are (in, out), those of conv2d (height, width, in, out). The columns of a GRU's kernels are its gates z and r
 * and its candidate, those of attention its heads.
 */
export interface Weight {
  shape: number[];
  values: Float32Array;
}

export interface Net {
  /** Shape of one example; images are (height, width, channels). */
  inputShape: number[];
  layers: Layer[];
}

/** A batch, the same in every step: the step is measured, not the loading of data. */
export interface Batch {
  size: number;
  /** Integers for an embedding. */
  x: Float32Array | Int32Array;
  /** Targets for the mean squared error; for the softmax cross-entropy, labels, one per row of outputs. */
  y: Float32Array | Int32Array;
}

export interface TrainTask extends Net {
  weights: Weight[];
  batch: Batch;
  loss: "meanSquaredError" | "softmaxCrossentropy";
  /** Learning rate of Adam, with beta 0.9 and 0.999 and epsilon 1e-7. */
  learningRate: number;
}

export interface ForwardTask extends Net {
  weights: Weight[];
  batch: Omit<Batch, "y">;
}

export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** Added to the variance by a layer norm. */
export const normEpsilon = 1e-5;
