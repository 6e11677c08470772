/**
 * One matrix product C = A B by the location of its operands. A's element (r, k) is
 * `a[aOffset + r aStrides[0] + k aStrides[1]]`, and B's element (k, c) likewise. C's rows are contiguous and start at
 * `resultOffset`.
 */
export interface Product {
  rows: number;
  columns: number;
  depth: number;
  aOffset: number;
  aStrides: readonly [number, number];
  bOffset: number;
  bStrides: readonly [number, number];
  resultOffset: number;
}

/** Computes `result = A B` in float32 or better. */
export type Multiply = (a: Float32Array, b: Float32Array, result: Float32Array, product: Product) => void;
