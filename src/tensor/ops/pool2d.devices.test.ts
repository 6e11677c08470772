/** Compares pooling with plain loops on one device, op by op and by a plan. */
import { beforeAll, describe, expect } from "vitest";
import { type Tensor, tensor, valueAndGrad } from "../../index";
import { gradientsOrZeros } from "../../plan/closures/valueAndGrad";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import { expectClose, onDevice } from "../../testing/onDevice";
import { closeScope, openScope } from "../scope";

type Pair = readonly [number, number];

interface Case {
  readonly name: string;
  /** [batch, height, width, channels] */
  readonly shape: readonly [number, number, number, number];
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: "valid" | "same";
}

const cases: readonly Case[] = [
  { name: "windows side by side", shape: [2, 4, 6, 3], poolSize: [2, 2], strides: [2, 2], padding: "valid" },
  { name: "windows of four channels", shape: [3, 6, 4, 4], poolSize: [2, 2], strides: [2, 2], padding: "valid" },
  { name: "rows and columns left over", shape: [2, 5, 8, 6], poolSize: [2, 3], strides: [2, 3], padding: "valid" },
  { name: "gaps between windows", shape: [1, 7, 8, 5], poolSize: [2, 2], strides: [3, 4], padding: "valid" },
  { name: "windows that overlap", shape: [2, 5, 6, 2], poolSize: [3, 3], strides: [1, 1], padding: "valid" },
  {
    name: "windows that overlap along one side",
    shape: [2, 4, 6, 3],
    poolSize: [2, 3],
    strides: [2, 1],
    padding: "valid",
  },
  { name: "padding below and to the right", shape: [1, 5, 3, 8], poolSize: [2, 2], strides: [2, 2], padding: "same" },
  { name: "padding above", shape: [2, 4, 5, 1], poolSize: [3, 2], strides: [3, 2], padding: "same" },
  {
    name: "padding around windows that overlap",
    shape: [2, 5, 7, 9],
    poolSize: [3, 3],
    strides: [2, 2],
    padding: "same",
  },
  { name: "a window of many elements", shape: [1, 7, 9, 2], poolSize: [7, 7], strides: [7, 7], padding: "valid" },
];

/** Integers of a fixed sequence, less than `below`. */
function numbers(count: number, below: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  });
}

/** Number of windows along one side, and where the first begins, by TensorFlow's rule. */
function along(length: number, size: number, stride: number, padding: Case["padding"]): [number, number] {
  if (padding === "valid") return [Math.floor((length - size) / stride) + 1, 0];
  const places = Math.ceil(length / stride);
  return [places, -Math.floor(Math.max(0, (places - 1) * stride + size - length) / 2)];
}

/** For each value of the result, the elements of the images in its window, both in order. */
function windowsOf({ shape: [batch, height, width, channels], poolSize, strides, padding }: Case): number[][] {
  const [rows, top] = along(height, poolSize[0], strides[0], padding);
  const [columns, left] = along(width, poolSize[1], strides[1], padding);
  const windows: number[][] = [];
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let channel = 0; channel < channels; channel++) {
          const seen: number[] = [];
          for (let y = top + row * strides[0]; y < top + row * strides[0] + poolSize[0]; y++)
            for (let x = left + column * strides[1]; x < left + column * strides[1] + poolSize[1]; x++)
              if (y >= 0 && y < height && x >= 0 && x < width)
                seen.push(((image * height + y) * width + x) * channels + channel);
          windows.push(seen);
        }
  return windows;
}

/** The first NaN of a window, else the first of its greatest elements. */
function chosenOf(seen: readonly number[], x: readonly number[]): number {
  const missing = seen.find((at) => Number.isNaN(x[at]));
  return missing ?? seen.reduce((best, at) => (x[at]! > x[best]! ? at : best));
}

/** Computes pooling and the gradient by the images of its sum weighted by `factors`: op by op, then by a plan. */
async function found(pool: (x: Tensor) => Tensor, images: Tensor, factors: Tensor) {
  const weighted = () => {
    const y = pool(images);
    return [y.mul(factors).sum(), y] as const;
  };
  const scope = openScope("a test", { recording: true });
  const [byOps] = gradientsOrZeros(weighted()[0], [images]);
  closeScope(scope, [byOps]);
  const results = [{ values: await pool(images).data(), gradient: await byOps!.data() }];
  // A GPU compiles a graph when it occurs for the second time.
  for (let run = 0; run < 2; run++) {
    const { grads, rest } = await valueAndGrad(() => [...weighted()], [images]);
    results.push({ values: await (rest[0] as Tensor).data(), gradient: await grads[0]!.data() });
  }
  return results;
}

beforeAll(openTestDevices);

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);
describe("pooling", () => {
  for (const one of cases) {
    const { name, shape, poolSize, strides, padding } = one;
    const windows = windowsOf(one);
    const size = shape.reduce((a, b) => a * b);
    const rows = along(shape[1], poolSize[0], strides[0], padding)[0];
    const factors = numbers(windows.length, 7).map((n) => n + 1);
    const given = (values: readonly number[]) => ({
      images: tensor([...values]).reshape([...shape]),
      factors: tensor(factors).reshape([shape[0], rows, -1, shape[3]]),
    });

    check(`maximum: ${name}, bit-identical, with equal values, infinities and NaN`, async () => {
      for (const levels of [
        [-1, -0, 0, 1, 2],
        [NaN, -Infinity, -Infinity, Infinity, 0.5, -3],
        [-Infinity, -Infinity, -Infinity, -2],
      ]) {
        const x = numbers(size, levels.length).map((level) => levels[level]!);
        const { images, factors: weights } = given(x);
        const values = new Float32Array(windows.length);
        const gradient = new Float32Array(size);
        for (const [index, seen] of windows.entries()) {
          const chosen = chosenOf(seen, x);
          values[index] = x[chosen]!;
          gradient[chosen]! += factors[index]!;
        }
        for (const result of await found((of) => of.maxPool2d({ poolSize, strides, padding }), images, weights))
          expect(result).toEqual({ values, gradient });
      }
    });

    check(`mean: ${name}`, async () => {
      const x = numbers(size, 1000).map((n) => n / 100 - 5);
      const { images, factors: weights } = given(x);
      const values = windows.map((seen) => seen.reduce((sum, at) => sum + x[at]!, 0) / seen.length);
      const gradient = x.map(() => 0);
      windows.forEach((seen, index) => seen.forEach((at) => (gradient[at]! += factors[index]! / seen.length)));
      for (const result of await found((of) => of.avgPool2d({ poolSize, strides, padding }), images, weights)) {
        await expectClose(tensor(result.values), values, 1e-5);
        await expectClose(tensor(result.gradient), gradient, 1e-5);
      }
    });
  }
});
