/**
 * Compares matrix products with float64 sums for random sizes, strides and offsets, at the edges of blocks and
 * with special values.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Multiply, Product } from "../device/cpu/matmul/product";
import { expectWithin } from "./bounds";

/** Layout of an operand: row-major, transposed, or with gaps in rows and columns. */
const layouts = ["rows", "columns", "gaps"] as const;
type Layout = (typeof layouts)[number];

interface Case {
  rows: number;
  columns: number;
  depth: number;
  a: Layout;
  b: Layout;
  offset: number;
}

function stridesFor(layout: Layout, height: number, width: number): [number, number] {
  if (layout === "rows") return [width, 1];
  return layout === "columns" ? [1, height] : [2 * width + 1, 2];
}

/** Distinct numbers in [-1, 1). */
function values(size: number, seed: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => 2 * (((i + 1) * 0.6180339887 + seed * 0.377) % 1) - 1);
}

function layOut({ rows, columns, depth, a, b, offset }: Case): { product: Product; sizes: [number, number] } {
  const [aStrides, bStrides] = [stridesFor(a, rows, depth), stridesFor(b, depth, columns)];
  const product = { rows, columns, depth, aOffset: offset, aStrides, bOffset: 2 * offset, bStrides, resultOffset: 3 };
  return { product, sizes: [offset + 3 * rows * depth + 3, 2 * offset + 3 * depth * columns + 3] };
}

/** Computes the product in float64, and the sums of absolute terms, which bound the error. */
function truth(a: Float32Array, b: Float32Array, product: Product): { sums: Float64Array; sizes: Float64Array } {
  const { rows, columns, depth, aOffset, aStrides, bOffset, bStrides } = product;
  const sums = new Float64Array(rows * columns);
  const sizes = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [sum, size] = [0, 0];
      for (let k = 0; k < depth; k++) {
        const term =
          a[aOffset + row * aStrides[0] + k * aStrides[1]]! * b[bOffset + k * bStrides[0] + column * bStrides[1]]!;
        sum += term;
        size += Math.abs(term);
      }
      sums[row * columns + column] = sum;
      sizes[row * columns + column] = size;
    }
  }
  return { sums, sizes };
}

function check(multiply: Multiply, given: Case): void {
  const { product, sizes: lengths } = layOut(given);
  const [a, b] = [values(lengths[0], 1), values(lengths[1], 2)];
  const size = given.rows * given.columns;
  const result = new Float32Array(size + 8).fill(77);
  multiply(a, b, result, product);
  const { sums, sizes } = truth(a, b, product);
  const what = JSON.stringify(given);
  const tolerance = (i: number) => given.depth * 2 ** -24 * sizes[i]!;
  expectWithin({ actual: result.subarray(3, 3 + size), expected: sums, tolerance, what });
  const around = [...result.subarray(0, 3), ...result.subarray(3 + size)];
  expect(around, `${what}: memory around the result`).toEqual(around.map(() => 77));
}

/** Sizes around the tiles (4, 6, 8) and the blocks (120 rows, 256 steps, 512 columns, the size of the result). */
const edges: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [7, 9, 5],
  [120, 8, 256],
  [121, 9, 257],
  [127, 10, 784],
  [13, 513, 30],
  [3, 1040, 600],
  [900, 512, 3],
  [30_000, 3, 2],
];

export function productSuite(name: string, multiply: Multiply): void {
  describe(`products by ${name}`, () => {
    test("are within n 2^-24 of the float64 sums, for any sizes, strides and offsets", () => {
      const length = fc.integer({ min: 0, max: 40 });
      const layout = fc.constantFrom(...layouts);
      const any = fc.record({ rows: length, columns: length, depth: length, a: layout, b: layout, offset: fc.nat(5) });
      fc.assert(fc.property(any, (given) => check(multiply, given)));
    });

    test("are complete at the edges of tiles and blocks", () => {
      for (const [rows, columns, depth] of edges) {
        for (const [a, b] of [["rows", "rows"] as const, ["columns", "columns"] as const, ["gaps", "rows"] as const]) {
          check(multiply, { rows, columns, depth, a, b, offset: 1 });
        }
      }
    });

    test("are bit-identical on every run", () => {
      const { product, sizes } = layOut({ rows: 37, columns: 29, depth: 300, a: "rows", b: "rows", offset: 0 });
      const [a, b] = [values(sizes[0], 1), values(sizes[1], 2)];
      const runs = Array.from({ length: 50 }, () => {
        const result = new Float32Array(3 + 37 * 29);
        multiply(a, b, result, product);
        return result;
      });
      expect(new Set(runs.map((run) => run.join())).size).toBe(1);
    });

    test("propagate NaN and infinity to their rows and columns, and to no others", () => {
      const { product } = layOut({ rows: 11, columns: 13, depth: 9, a: "rows", b: "rows", offset: 0 });
      const [a, b] = [values(99, 1), values(117, 2)];
      const result = new Float32Array(3 + 143);
      a[2 * 9 + 4] = NaN;
      a[10 * 9 + 8] = Infinity;
      b[3 * 13 + 12] = -Infinity;
      b[8 * 13 + 5] = 0;
      multiply(a, b, result, product);
      const { sums } = truth(a, b, product);
      const kind = (x: number) => (Number.isFinite(x) ? 0 : x);
      expect(Array.from(result.subarray(3), kind)).toEqual(Array.from(sums, kind));
      expect(sums.filter(Number.isFinite).length).toBe(143 - 13 - 13 - 11 + 2);
    });

    test("of depth 0 are zeros", () => {
      const result = new Float32Array(9).fill(5);
      const { product } = layOut({ rows: 2, columns: 3, depth: 0, a: "rows", b: "rows", offset: 0 });
      multiply(new Float32Array(0), new Float32Array(0), result, product);
      expect([...result]).toEqual([5, 5, 5, 0, 0, 0, 0, 0, 0]);
    });
  });
}
