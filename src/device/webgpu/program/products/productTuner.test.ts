import { expect, test } from "vitest";
import type { ProductLoop } from "../../../form";
import { ProductTuner, representative, type TimedProduct } from "./productTuner";
import { registers } from "./registers";
import { tile } from "./tile";
import type { ProductVariant } from "./variant";

const loop: ProductLoop = {
  kind: "product",
  rows: 100,
  columns: 3000,
  depth: 784,
  aStrides: [1, 100],
  bStrides: [3000, 1],
  batchShape: [],
  aBatch: [],
  bBatch: [],
};
const [first, second, third] = [registers(4, 4), registers(8, 8), tile(4, 8)] as const;

/** A device with a simulated clock on which each variant takes a fixed time. */
class FakeDevice {
  time = 0;
  readonly log: string[] = [];
  readonly shapes: ProductLoop[] = [];
  disposed = 0;

  constructor(
    private readonly milliseconds: Record<string, number>,
    private readonly results: Record<string, number[] | undefined> = {},
  ) {}

  readonly trialOf = (shape: ProductLoop): TimedProduct => {
    this.shapes.push(shape);
    return {
      resultBy: async ({ name }) => {
        if (name in this.results && !this.results[name]) throw new Error("refused");
        return Float32Array.from(this.results[name] ?? [1, 2]);
      },
      run: async ({ name }, times) => {
        this.log.push(`${name} x ${times}`);
        this.time += this.milliseconds[name]! * times;
      },
      dispose: () => void this.disposed++,
    };
  };

  choose(candidates: readonly ProductVariant[] = [first, second, third]): Promise<ProductVariant> {
    return new ProductTuner(this.trialOf, () => this.time).fastest(loop, candidates);
  }
}

test("the fastest variant wins, measured over as many runs as the clock needs", async () => {
  const device = new FakeDevice({ [first.name]: 4, [second.name]: 3, [third.name]: 0.5 });
  expect(await device.choose()).toBe(third);
  const round = [first, second].map(({ name }) => `${name} x 1`).concat([1, 2, 4].map((n) => `${third.name} x ${n}`));
  expect(device.log).toEqual([...round, ...round, ...round]);
  expect(device.disposed).toBe(1);
});

test("a variant with different bits is never chosen, and neither is one that the device rejects", async () => {
  const times = { [first.name]: 4, [second.name]: 1, [third.name]: 1 };
  const device = new FakeDevice(times, { [first.name]: [1, -0], [second.name]: [1, 0], [third.name]: undefined });
  expect(await device.choose()).toBe(first);
});

test("the first variant stays unless another is clearly faster", async () => {
  expect(await new FakeDevice({ [first.name]: 4, [second.name]: 3.9, [third.name]: 5 }).choose()).toBe(first);
});

test("the first variant is chosen if no trial is possible", async () => {
  const device = new FakeDevice({}, { [first.name]: undefined });
  expect(await device.choose()).toBe(first);
  expect(device.disposed).toBe(1);
  const none = new ProductTuner(() => {
    throw new Error("no memory");
  });
  expect(await none.fastest(loop, [first, second])).toBe(first);
});

test("products of similar shapes share one trial, trials run one at a time, and strides keep their kind", async () => {
  const device = new FakeDevice({ [first.name]: 4, [second.name]: 3 });
  const tuner = new ProductTuner(device.trialOf, () => device.time);
  const like: ProductLoop = { ...loop, rows: 128, depth: 1000, columns: 5000, aStrides: [1, 128], bStrides: [5000, 1] };
  const other: ProductLoop = { ...loop, aStrides: [784, 1] };
  const chosen = await Promise.all([loop, like, other].map((one) => tuner.fastest(one, [first, second])));
  expect(chosen).toEqual([second, second, second]);
  expect(device.shapes).toEqual([representative(loop), representative(other)]);
  expect(representative(loop)).toEqual({
    kind: "product",
    rows: 128,
    columns: 1024,
    depth: 1024,
    aStrides: [1, 128],
    bStrides: [1024, 1],
    batchShape: [1],
    aBatch: [128 * 1024],
    bBatch: [1024 * 1024],
  });
});
