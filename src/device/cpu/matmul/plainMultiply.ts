import type { Product } from "./product";

/** Cache of B's packed panel, 4 columns interleaved step by step. It grows on demand. */
let panels = new Float64Array(0);

/** Packs columns `from` to `from + 4` of B, interleaved step by step; columns beyond the last are 0. */
function packPanel(b: Float32Array, { depth, columns, bOffset, bStrides }: Product, from: number): void {
  const [step, across] = bStrides;
  const width = Math.min(4, columns - from);
  panels.fill(0, 0, width < 4 ? depth * 4 : 0);
  for (let column = 0; column < width; column++) {
    let at = bOffset + (from + column) * across;
    for (let k = 0; k < depth; k++, at += step) panels[k * 4 + column] = b[at]!;
  }
}

/**
 * Multiplies rows `row` and `row + 1` by the panel, with eight sums in registers. Past the last row, the second row
 * repeats the first.
 */
function multiplyTile(a: Float32Array, result: Float32Array, product: Product, row: number, column: number): void {
  const { rows, columns, depth, aOffset, aStrides, resultOffset } = product;
  const other = row + 1 < rows ? row + 1 : row;
  const step = aStrides[1];
  let first = aOffset + row * aStrides[0];
  let second = aOffset + other * aStrides[0];
  let [p0, p1, p2, p3, q0, q1, q2, q3] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < depth * 4; at += 4, first += step, second += step) {
    const p = a[first]!;
    const q = a[second]!;
    const b0 = panels[at]!;
    const b1 = panels[at + 1]!;
    const b2 = panels[at + 2]!;
    const b3 = panels[at + 3]!;
    p0 += p * b0;
    p1 += p * b1;
    p2 += p * b2;
    p3 += p * b3;
    q0 += q * b0;
    q1 += q * b1;
    q2 += q * b2;
    q3 += q * b3;
  }
  const width = Math.min(4, columns - column);
  const top = resultOffset + row * columns + column;
  const bottom = resultOffset + other * columns + column;
  const above = [p0, p1, p2, p3];
  const below = [q0, q1, q2, q3];
  for (let c = 0; c < width; c++) {
    result[bottom + c] = below[c]!;
    result[top + c] = above[c]!;
  }
}

/** Computes `result = A B` in plain JavaScript. Sums accumulate in float64 and are rounded once. */
export function multiplyPlainly(a: Float32Array, b: Float32Array, result: Float32Array, product: Product): void {
  const { rows, columns, depth } = product;
  if (panels.length < depth * 4) panels = new Float64Array(depth * 4);
  for (let column = 0; column < columns; column += 4) {
    packPanel(b, product, column);
    for (let row = 0; row < rows; row += 2) multiplyTile(a, result, product, row, column);
  }
}
