/**
 * The part of jax-js that the bench uses, for type checks without the package. Source: jax-js.com/docs. A function
 * consumes its array arguments; `x.ref` retains `x` for another use.
 */
export interface NdArray {
  readonly ref: this;
  add(x: NdArray | number): NdArray;
  sub(x: NdArray | number): NdArray;
  mul(x: NdArray | number): NdArray;
  div(x: NdArray | number): NdArray;
  neg(): NdArray;
  transpose(axes: number[]): NdArray;
  readonly shape: number[];
  readonly device: Device;
  sum(axis?: number): NdArray;
  mean(): NdArray;
  reshape(shape: number[]): NdArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}
export type Device = "webgpu" | "wasm";
type Tree = NdArray | Tree[];

export function blockUntilReady(tree: Tree): Promise<Tree>;
export function init(...devices: Device[]): Promise<Device[]>;
export function jit<A extends Tree[], R extends Tree>(
  fn: (...args: A) => R,
  options: { device: Device },
): ((...args: A) => R) & { dispose(): void };
export function valueAndGrad<A extends Tree[]>(fn: (...args: A) => NdArray): (...args: A) => [NdArray, A[0]];
export const numpy: {
  array(values: Float32Array | Int32Array, options: { shape: number[]; device: Device }): NdArray;
  zeros(shape: number[], options: { device: Device }): NdArray;
  matmul(a: NdArray, b: NdArray): NdArray;
  tanh(x: NdArray): NdArray;
  exp(x: NdArray): NdArray;
  sqrt(x: NdArray): NdArray;
  max(x: NdArray): NdArray;
  /** Splits into `parts` equal parts, or at the given positions. */
  split(x: NdArray, parts: number | number[], axis: number): NdArray[];
  unstack(x: NdArray, axis?: number): NdArray[];
};
export const nn: {
  relu(x: NdArray): NdArray;
  sigmoid(x: NdArray): NdArray;
  gelu(x: NdArray, options: { approximate: boolean }): NdArray;
  oneHot(indices: NdArray, classes: number): NdArray;
  /** Normalizes to mean 0 and variance 1. */
  standardize(x: NdArray, axis: number, options: { epsilon: number }): NdArray;
  /** All arguments are [batch, steps, heads, size]. */
  dotProductAttention(query: NdArray, key: NdArray, value: NdArray, options: { isCausal: boolean }): NdArray;
  logSoftmax(x: NdArray, axis: number): NdArray;
};
export const lax: {
  conv(x: NdArray, kernel: NdArray, strides: number[], padding: "SAME" | "VALID"): NdArray;
  reduceWindow(x: NdArray, reduce: (window: NdArray) => NdArray, size: number[], strides: number[]): NdArray;
};
