/**
 * The part of TensorFlow.js that the bench uses, for type checks without the package. Source:
 * js.tensorflow.org/api/4.22.0.
 */
export interface Tensor {
  readonly shape: number[];
  data(): Promise<Float32Array>;
  dispose(): void;
}
export interface Optimizer {
  minimize(loss: () => Tensor, returnCost: boolean, variables: Tensor[]): Tensor | null;
  dispose(): void;
}
type TensorLike = Tensor | number;

export function setBackend(name: string): Promise<boolean>;
export function ready(): Promise<void>;
export function memory(): { numBytes: number; numTensors: number };
export function tidy<R>(fn: () => R): R;
export function tensor(values: ArrayLike<number>, shape: number[], dtype?: "float32" | "int32"): Tensor;
export function variable(value: Tensor): Tensor;
export function oneHot(indices: Tensor, depth: number): Tensor;
export function matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
export function add(a: TensorLike, b: TensorLike): Tensor;
export function sub(a: TensorLike, b: TensorLike): Tensor;
export function mul(a: TensorLike, b: TensorLike): Tensor;
export function tanh(x: Tensor): Tensor;
export function relu(x: Tensor): Tensor;
export function sigmoid(x: Tensor): Tensor;
export function softmax(x: Tensor): Tensor;
export function erf(x: Tensor): Tensor;
export function rsqrt(x: Tensor): Tensor;
export function sqrt(x: Tensor): Tensor;
export function neg(x: Tensor): Tensor;
export function exp(x: Tensor): Tensor;
export function reshape(x: Tensor, shape: number[]): Tensor;
export function transpose(x: Tensor, axes: number[]): Tensor;
export function cast(x: Tensor, dtype: "float32" | "int32"): Tensor;
export function zeros(shape: number[]): Tensor;
/** Splits into `parts` equal parts, or into parts of the given lengths. */
export function split(x: Tensor, parts: number | number[], axis: number): Tensor[];
export function unstack(x: Tensor, axis?: number): Tensor[];
export function moments(x: Tensor, axis: number, keepDims: boolean): { mean: Tensor; variance: Tensor };
export function maxPool(x: Tensor, filterSize: number, strides: number, pad: "same" | "valid"): Tensor;
/** Ops that add a bias in the same pass. */
export const fused: {
  matMul(options: { a: Tensor; b: Tensor; bias: Tensor }): Tensor;
  conv2d(options: { x: Tensor; filter: Tensor; strides: number; pad: "same" | "valid"; bias: Tensor }): Tensor;
};
export const losses: {
  meanSquaredError(labels: Tensor, predictions: Tensor): Tensor;
  softmaxCrossEntropy(onehotLabels: Tensor, logits: Tensor): Tensor;
};
export const train: {
  adam(learningRate?: number, beta1?: number, beta2?: number, epsilon?: number): Optimizer;
};
/** Sets the URLs of the wasm backend's files, by name. */
export function setWasmPaths(paths: Record<string, string>): void;
