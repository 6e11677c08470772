import { beforeAll, describe, expect, test } from "vitest";
import type { ProductLoop } from "../../../form";
import { probeGpu } from "../../adapter";
import { candidatesFor, variantFor } from "./chooseVariant";
import { deep } from "./deep";
import { ProductTrial } from "./productTrial";
import { ProductTuner } from "./productTuner";
import { registers } from "./registers";
import { single } from "./single";
import { tile } from "./tile";
import type { ProductVariant } from "./variant";

let gpu: GPUDevice;

beforeAll(async () => {
  const probe = await probeGpu(navigator.gpu);
  if (probe.state !== "ready") throw new Error(probe.state);
  gpu = probe.device;
});

interface Layout {
  rows: number;
  columns: number;
  depth: number;
  transposeA?: boolean;
  transposeB?: boolean;
  batchShape?: readonly number[];
  /** True if A is the same for the whole batch. */
  sameA?: boolean;
}

function loopOf({ rows, columns, depth, transposeA, transposeB, batchShape = [], sameA }: Layout): ProductLoop {
  const strides = (size: number) =>
    batchShape.map((_, axis) => size * batchShape.slice(axis + 1).reduce((p, n) => p * n, 1));
  return {
    kind: "product",
    rows,
    columns,
    depth,
    aStrides: transposeA ? [1, rows] : [depth, 1],
    bStrides: transposeB ? [1, depth] : [columns, 1],
    batchShape,
    aBatch: sameA ? batchShape.map(() => 0) : strides(rows * depth),
    bBatch: strides(depth * columns),
  };
}

/** Computes the product in float64 with plain loops. */
function expectedOf({ a, b }: ProductTrial, loop: ProductLoop): number[] {
  const { rows, columns, depth, aStrides, bStrides, batchShape, aBatch, bBatch } = loop;
  const batches = batchShape.reduce((all, length) => all * length, 1);
  return Array.from({ length: batches * rows * columns }, (_, index) => {
    let rest = Math.floor(index / (rows * columns));
    let [atA, atB] = [(Math.floor(index / columns) % rows) * aStrides[0], (index % columns) * bStrides[1]];
    for (let axis = batchShape.length - 1; axis >= 0; axis--) {
      atA += (rest % batchShape[axis]!) * aBatch[axis]!;
      atB += (rest % batchShape[axis]!) * bBatch[axis]!;
      rest = Math.floor(rest / batchShape[axis]!);
    }
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += a[atA + k * aStrides[1]]! * b[atB + k * bStrides[0]]!;
    return sum;
  });
}

const depths = Array.from({ length: 9 }, (_, index) => index + 1);
const tails: Layout[] = [
  { rows: 37, columns: 29, depth: 9, transposeA: true },
  { rows: 1, columns: 130, depth: 13 },
  { rows: 70, columns: 3, depth: 6, transposeB: true },
];
const large: Layout[] = [
  { rows: 64, columns: 128, depth: 32, transposeB: true },
  { rows: 66, columns: 140, depth: 19, transposeA: true, transposeB: true },
  { rows: 9, columns: 68, depth: 11, batchShape: [2, 3], sameA: true },
];

/**
 * Each variant with the layouts that it is tested on. Those that compile quickly get all layouts and every short depth.
 */
const inOrder: [variant: ProductVariant, layouts: readonly Layout[]][] = [
  [registers(4, 4), [...tails, ...large, ...depths.map((depth) => ({ rows: 5, columns: 6, depth }))]],
  [tile(4, 8), [...tails, ...large, ...depths.map((depth) => ({ rows: 5, columns: 6, depth }))]],
  [single, [...tails, ...large, ...depths.map((depth) => ({ rows: 5, columns: 6, depth }))]],
  [registers(1, 4), tails],
  [registers(2, 4), tails],
  [registers(1, 4, true), large],
  [registers(2, 4, true), large],
  [registers(8, 4), large],
  [registers(8, 8), large],
  [registers(4, 4, true), large],
  [registers(8, 4, true), large],
  [registers(8, 8, true), large],
  [registers(16, 4), large.slice(1, 2)],
  [registers(16, 4, true), large],
  [registers(16, 8), large.slice(1, 2)],
  [registers(16, 8, true), large.slice(1)],
  [registers(16, 16), large.slice(1, 2)],
  [registers(16, 16, true), large.slice(1, 2)],
  [registers(32, 8), large.slice(1, 2)],
  [registers(32, 8, true), large.slice(1, 2)],
  [registers(32, 16), large.slice(1, 2)],
  [registers(32, 16, true), large.slice(1, 2)],
  [tile(4, 16), large],
  [tile(8, 8), large.slice(1)],
];

function expectClose(got: Float32Array, expected: readonly number[], depth: number): void {
  const worst = got.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index]!)), 0);
  expect(got).toHaveLength(expected.length);
  expect(worst).toBeLessThanOrEqual(depth * 2 ** -25);
}

describe("a variant of products", () => {
  for (const [variant, layouts] of inOrder) {
    test(`gives the same bits as all others: ${variant.name}`, async () => {
      for (const layout of layouts) {
        const loop = loopOf(layout);
        const trial = new ProductTrial(gpu, loop);
        const got = await trial.resultBy(variant);
        expectClose(got, expectedOf(trial, loop), loop.depth);
        const base = await trial.resultBy(registers(1, 4));
        expect(new Uint32Array(got.buffer)).toEqual(new Uint32Array(base.buffer));
        trial.dispose();
      }
    });
  }

  test("that divides a long depth gives the product, with the same bits on every run", async () => {
    const layouts: Layout[] = [
      tails[0]!,
      { rows: 3, columns: 5, depth: 1 },
      { rows: 1, columns: 1, depth: 255 },
      { rows: 2, columns: 10, depth: 1027, transposeB: true },
      { rows: 6, columns: 4, depth: 300, batchShape: [3], transposeA: true },
    ];
    for (const layout of layouts) {
      const loop = loopOf(layout);
      const trial = new ProductTrial(gpu, loop);
      const variant = deep(Math.min(layout.rows, 4));
      const got = await trial.resultBy(variant);
      expectClose(got, expectedOf(trial, loop), loop.depth);
      await trial.run(registers(4, 4), 1);
      expect(await trial.resultBy(variant)).toEqual(got);
      trial.dispose();
    }
  });

  test("is chosen by the tuner on this adapter, and cached", async () => {
    const loop = loopOf({ rows: 64, columns: 64, depth: 64 });
    const candidates = [registers(4, 4), registers(8, 8), tile(4, 8)];
    const tuner = new ProductTuner((shape) => new ProductTrial(gpu, shape));
    const chosen = await tuner.fastest(loop, candidates);
    expect(candidates).toContain(chosen);
    expect(await tuner.fastest(loop, candidates)).toBe(chosen);
  });

  test("is tested here if any program may use it", () => {
    const tried = new Set([...inOrder.map(([{ name }]) => name), ...[1, 2, 3, 4].map((rows) => deep(rows).name)]);
    const asked = new Set<string>();
    const sizes = [1, 2, 4, 10, 64, 300, 1024];
    for (const rows of sizes)
      for (const columns of sizes)
        for (const depth of [4, 300, 2000])
          for (const subgroups of [true, false])
            for (const isSingleWorkgroup of [true, false]) {
              const loop = loopOf({ rows, columns, depth });
              const target = { subgroups, isSingleWorkgroup, exact: true };
              const software = { ...target, software: true, workgroupSize: isSingleWorkgroup ? 4 : 64 };
              const hardware = { ...target, software: false, workgroupSize: 64 };
              for (const aim of ["soon", "fast"] as const) asked.add(variantFor(loop, software, aim).name);
              asked.add(variantFor(loop, hardware, "soon").name);
              for (const { name } of candidatesFor(loop, hardware)) asked.add(name);
            }
    expect([...asked].filter((name) => !tried.has(name))).toEqual([]);
  });
});
