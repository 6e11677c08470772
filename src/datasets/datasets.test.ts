import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { ArgumentError, FormatError } from "../base/errors";
import { type Host, setHost } from "../base/host";
import type { Dataset, Examples } from "./dataset";
import * as datasets from "./index";

const assets: Pick<Host, "readAsset"> = {
  readAsset: async (path) => new Uint8Array(await readFile(new URL(`../../public/${path}`, import.meta.url))),
};

beforeAll(() => setHost(assets as Host));

async function valuesOf({ x, y }: Examples) {
  return { x: await x.data(), y: await y.data(), shapes: [x.shape, y.shape], dtypes: [x.dtype, y.dtype] };
}

function countsOf(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of Array.from(labels)) counts[label]!++;
  return counts;
}

describe("digits", () => {
  test("are 1,437 training and 360 test images in [0, 1] with int32 classes", async () => {
    const { train, test: held, classNames } = await datasets.digits({ seed: 1 });
    const [a, b] = [await valuesOf(train), await valuesOf(held)];
    expect([a.shapes, a.dtypes, b.shapes, b.dtypes]).toEqual([
      [[1437, 8, 8, 1], [1437]],
      ["float32", "int32"],
      [[360, 8, 8, 1], [360]],
      ["float32", "int32"],
    ]);
    expect(classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect([Math.min(...a.x), Math.max(...a.x)]).toEqual([0, 1]);
    const all = countsOf([...a.y, ...b.y], 10);
    expect(all).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  test("are the images of the file in the order of the seed, each with its class", async () => {
    const { train, test: held } = await datasets.digits({ seed: 7 });
    const rows = async ({ x, y }: Examples) => {
      const [pixels, classes] = [await x.data(), await y.data()];
      return Array.from(classes, (label, i) => `${label}:${pixels.subarray(64 * i, 64 * i + 64).join()}`);
    };
    const first = await rows((await datasets.digits()).train);
    const shuffled = [...(await rows(train)), ...(await rows(held))];
    const plain = [...first, ...(await rows((await datasets.digits()).test))];
    expect(shuffled).not.toEqual(plain);
    expect(shuffled.toSorted()).toEqual(plain.toSorted());
    expect(await rows((await datasets.digits({ seed: 0 })).train)).toEqual(first);
  });
});

test("Fashion-MNIST has 6,000 training and 1,000 test images in ten classes", async () => {
  const { train, test: held, classNames } = await datasets.fashionMnist({ seed: 4 });
  const [a, b] = [await valuesOf(train), await valuesOf(held)];
  expect([a.shapes, a.dtypes, b.shapes, b.dtypes]).toEqual([
    [[6000, 28, 28, 1], [6000]],
    ["float32", "int32"],
    [[1000, 28, 28, 1], [1000]],
    ["float32", "int32"],
  ]);
  expect(classNames).toHaveLength(10);
  expect(countsOf(a.y, 10)).toEqual(new Array(10).fill(600));
  expect(countsOf(b.y, 10)).toEqual(new Array(10).fill(100));
  expect(Array.from(b.x).reduce((most, value) => Math.max(most, value), 0)).toBe(1);
});

test("iris has 120 training and 30 test flowers of three species, in centimetres", async () => {
  const { train, test: held, classNames } = await datasets.iris({ seed: 3 });
  const [a, b] = [await valuesOf(train), await valuesOf(held)];
  expect([a.shapes, b.shapes, b.dtypes]).toEqual([
    [[120, 4], [120]],
    [[30, 4], [30]],
    ["float32", "int32"],
  ]);
  expect(countsOf([...a.y, ...b.y], 3)).toEqual([50, 50, 50]);
  expect(classNames).toEqual(["setosa", "versicolor", "virginica"]);
  const means = [0, 1, 2, 3].map((feature) => {
    const column = [...a.x, ...b.x].filter((_, i) => i % 4 === feature);
    return column.reduce((sum, value) => sum + value, 0) / 150;
  });
  // The means of Fisher's table.
  [5.8433, 3.0573, 3.758, 1.1993].forEach((mean, i) => expect(means[i]).toBeCloseTo(mean, 3));
});

describe("points", () => {
  const { circles, gaussians, moons, spiral, xor } = datasets;
  const kinds = { circles, gaussians, moons, spiral, xor };

  /** Class of a point, by a rule that is independent of how the points are drawn. */
  const rules: { [kind in keyof typeof kinds]: (x: number, y: number) => number } = {
    circles: (x, y) => Number(x * x + y * y > 0.36),
    gaussians: (x, y) => Number(x + y > 0),
    moons: (x, y) => Number(Math.abs(Math.hypot(x + 0.5, y + 0.25) - 1) > Math.abs(Math.hypot(x - 0.5, y - 0.25) - 1)),
    spiral: (x, y) => {
      const turn = Math.atan2(y, x) / (2 * Math.PI) - 1.75 * Math.hypot(x, y);
      return Number(Math.abs(turn - Math.round(turn)) > 0.25);
    },
    xor: (x, y) => Number(x * y < 0),
  };

  test.each(Object.entries(kinds))(
    "of %s follow their rule, are equally many per class, and repeat with the same seed",
    async (kind, load) => {
      const options = { count: 1000, noise: kind === "gaussians" ? 0.25 : 0.01, seed: 5 };
      const { train, test: held, classNames } = await load(options);
      const [a, b] = [await valuesOf(train), await valuesOf(held)];
      expect([a.shapes, a.dtypes, b.shapes]).toEqual([
        [[800, 2], [800]],
        ["float32", "int32"],
        [[200, 2], [200]],
      ]);
      expect(classNames).toHaveLength(2);
      expect([countsOf(a.y, 2), countsOf(b.y, 2)]).toEqual([
        [400, 400],
        [100, 100],
      ]);
      const right = Array.from(a.y, (label, i) =>
        Number(rules[kind as keyof typeof kinds](a.x[2 * i]!, a.x[2 * i + 1]!) === label),
      );
      expect(right.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(800 * 0.97);
      expect(Math.max(...a.x.map(Math.abs))).toBeLessThan(1.7);

      const again = await valuesOf((await load(options)).train);
      const other = await valuesOf((await load({ ...options, seed: 6 })).train);
      expect(again).toEqual(a);
      expect(other.x).not.toEqual(a.x);
    },
  );

  test("of the plane have values that grow along the diagonal, in a float32 column", async () => {
    const { train, classNames } = await datasets.plane({ count: 100, noise: 0 });
    const { x, y, shapes, dtypes } = await valuesOf(train);
    expect([shapes, dtypes, classNames]).toEqual([
      [
        [80, 2],
        [80, 1],
      ],
      ["float32", "float32"],
      [],
    ]);
    Array.from(y, (value, i) => expect(value).toBeCloseTo((x[2 * i]! + x[2 * i + 1]!) / 2, 6));
  });

  test("have noise with the requested standard deviation", async () => {
    const value = async (noise: number) => (await datasets.plane({ count: 20_000, noise, seed: 2 })).train;
    const noisy = await valuesOf(await value(0.5));
    const errors = Array.from(noisy.y, (y, i) => y - (noisy.x[2 * i]! + noisy.x[2 * i + 1]!) / 2);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
  });
});

describe("every dataset", () => {
  const all = Object.entries(datasets);

  test.each(all)("%s has the name that it declares, and texts in both languages", (name, { info }) => {
    expect(info.kind).toBe(name);
    expect([info.title.en, info.title.zh, info.description.en, info.description.zh].every(Boolean)).toBe(true);
  });

  test.each(all)("%s creates its tensors on the requested device", async (_, load) => {
    const { train, test: held } = await (load as (options: { device: string }) => Promise<Dataset>)({
      device: "CPU:0",
    });
    expect([train.x, train.y, held.x, held.y].map(({ device }) => device)).toEqual(new Array(4).fill("CPU:0"));
  });

  test.each(all)("%s repeats with the same seed", async (_, load) => {
    const inputs = async (seed: number) => Array.from(await (await load({ seed })).test.x.data());
    const first = await inputs(11);
    expect(await inputs(11)).toEqual(first);
    expect(await inputs(12)).not.toEqual(first);
  });

  test("refuses unknown options and options out of range", async () => {
    const wrong = datasets.digits as (options: object) => Promise<Dataset>;
    await expect(wrong({ sead: 1 })).rejects.toEqual(
      new ArgumentError({ at: "datasets.digits()", expected: "options seed, device", got: "sead" }),
    );
    await expect(datasets.digits({ seed: 0.5 })).rejects.toThrow(
      "datasets.digits(): expected seed as a whole number from 0 to 9007199254740991, got 0.5.",
    );
    await expect(datasets.moons({ noise: NaN })).rejects.toThrow("expected noise as a number from 0 to 1, got NaN.");
    await expect(datasets.moons({ count: 4 })).rejects.toThrow(
      "expected count as a whole number from 5 to 100000, got 4.",
    );
  });

  test("reports a file that did not arrive completely", async () => {
    setHost({ readAsset: async (path: string) => (await assets.readAsset(path)).subarray(0, 1000) } as Host);
    const rejected = await datasets.digits().catch((error: unknown) => error);
    setHost(assets as Host);
    expect(rejected).toBeInstanceOf(FormatError);
    expect(String(rejected)).toBe("FormatError: The file data/digits-images.idxz did not arrive completely.");
  });
});
