/** Tests of random tensors. */
import { describe, expect, test } from "vitest";
import { ArgumentError, DTypeError } from "../base/errors";
import { randomBits } from "../base/randomKeys";
import { normalQuantile } from "./define/normalQuantile";
import "./ops/methods";
import { random, setSeed } from "./randomOps";
import type { Tensor } from "./tensor";
import { ulpOf } from "../testing/bounds";
import { eachDevice, openTestDevices, testDevices } from "../testing/eachDevice";

const key = random.key(42);
const n = 40_000;

/** `scipy.special.ndtri` of SciPy 1.10.1. */
const scipyQuantiles: readonly (readonly [number, number])[] = [
  [5.960464477539063e-8, -5.294704084854597],
  [1.7881393432617188e-7, -5.090230845321853],
  [9.999999974752427e-7, -4.7534243093331225],
  [9.999999747378752e-5, -3.719016491837455],
  [0.0010000000474974513, -3.090232292061434],
  [0.003370000049471855, -2.709424707505917],
  [0.009999999776482582, -2.3263478824273123],
  [0.10000000149011612, -1.2815515570538296],
  [0.25, -0.6744897501960817],
  [0.49999991059303284, -2.2411003183999852e-7],
  [0.5000000596046448, 1.4940668789333165e-7],
  [0.75, 0.6744897501960817],
  [0.8999999761581421, 1.281551429692279],
  [0.9900000095367432, 2.3263482318637534],
  [0.9990000128746033, 3.0902361298491052],
  [0.9999999403953552, 5.294704084854597],
];

function meanOf(values: ArrayLike<number>, f: (x: number) => number = (x) => x): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]!);
  return sum / values.length;
}

/** Largest deviation of a mean of n draws from its expectation: 5 standard errors. */
function within(deviation: number): number {
  return (5 * deviation) / Math.sqrt(n);
}

describe("distributions", () => {
  eachDevice("uniform numbers are 24 random bits, and fill the range evenly", async (device) => {
    const bits = randomBits(key, n);
    const values = await random.uniform([n], { key, device }).data();
    expect(values).toEqual(Float32Array.from(bits, (word) => (word >>> 8) * 2 ** -24));
    expect(Math.abs(meanOf(values) - 1 / 2)).toBeLessThan(within(Math.sqrt(1 / 12)));
    expect(Math.abs(meanOf(values, (x) => x * x) - 1 / 3)).toBeLessThan(within(Math.sqrt(4 / 45)));
    const moved = await random.uniform([n], -3, 5, { key, device }).data();
    expect(Math.min(...moved.subarray(0, 1000))).toBeGreaterThanOrEqual(-3);
    expect(Math.abs(meanOf(moved) - 1)).toBeLessThan(within(8 * Math.sqrt(1 / 12)));
  });

  eachDevice("normal numbers have the moments and the tails of their distribution", async (device) => {
    const values = await random.normal([n], { key, device }).data();
    expect(Math.abs(meanOf(values))).toBeLessThan(within(1));
    expect(Math.abs(meanOf(values, (x) => x * x) - 1)).toBeLessThan(within(Math.sqrt(2)));
    expect(Math.abs(meanOf(values, (x) => x ** 3))).toBeLessThan(within(Math.sqrt(15)));
    expect(Math.abs(meanOf(values, (x) => x ** 4) - 3)).toBeLessThan(within(Math.sqrt(96)));
    // Shares beyond 1, 2 and 3 standard deviations, on both sides.
    for (const [limit, share] of [
      [1, 0.15865525],
      [2, 0.02275013],
      [3, 0.0013499],
    ] as const) {
      const deviation = Math.sqrt(share * (1 - share));
      expect(Math.abs(meanOf(values, (x) => Number(x > limit)) - share)).toBeLessThan(within(deviation));
      expect(Math.abs(meanOf(values, (x) => Number(x < -limit)) - share)).toBeLessThan(within(deviation));
    }
    const moved = await random.normal([n], 3, 0.5, { key, device }).data();
    expect(Math.abs(meanOf(moved) - 3)).toBeLessThan(within(0.5));
    expect(Math.abs(meanOf(moved, (x) => (x - 3) ** 2) - 0.25)).toBeLessThan(within(0.25 * Math.sqrt(2)));
  });

  eachDevice("truncated normal numbers end at two deviations", async (device) => {
    const values = await random.truncatedNormal([n], 1, 2, { key, device }).data();
    const lowest = Array.from(values).reduce((a, b) => Math.min(a, b));
    const highest = Array.from(values).reduce((a, b) => Math.max(a, b));
    expect([lowest >= -3, lowest < -2.9, highest > 4.9, highest <= 5]).toEqual([true, true, true, true]);
    const deviation = 0.8796256610342398;
    expect(Math.abs(meanOf(values) - 1)).toBeLessThan(within(2 * deviation));
    expect(Math.sqrt(meanOf(values, (x) => (x - 1) ** 2))).toBeCloseTo(2 * deviation, 1.5);
  });

  eachDevice("bernoulli is true with the given probability, and has the requested dtype", async (device) => {
    const flags = random.bernoulli([n], 0.3, { key, device });
    expect(flags.dtype).toBe("bool");
    expect(Math.abs(meanOf(await flags.data()) - 0.3)).toBeLessThan(within(Math.sqrt(0.21)));
    const kept = random.bernoulli([n], 0.3, { key, device, dtype: "float32" });
    expect(await kept.data()).toEqual(Float32Array.from(await flags.data()));
    expect(await random.bernoulli([100], 0, { device }).sum().item()).toBe(0);
    expect(await random.bernoulli([100], 1, { device }).sum().item()).toBe(100);
  });

  eachDevice("integers are equally likely, also over the whole range of int32", async (device) => {
    const values = await random.integers([n], -2, 5, { key, device }).data();
    const counts = new Map<number, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3, 4]);
    for (const count of counts.values()) expect(Math.abs(count / n - 1 / 7)).toBeLessThan(within(Math.sqrt(6 / 49)));
    const wide = await random.integers([n], -(2 ** 31), 2 ** 31 - 1, { key, device }).data();
    expect(Math.abs(meanOf(wide))).toBeLessThan(within(2 ** 32 / Math.sqrt(12)));
  });

  eachDevice("a permutation contains every number once", async (device) => {
    for (const size of [0, 1, 2, 3, 4, 63, 64, 65, 1000]) {
      const order = await random.permutation(size, { key, device }).data();
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => index));
    }
    const order = await random.permutation(1000, { key, device }).data();
    // Of 1,000 numbers, about one stays in place, and neighbours are separated.
    expect(order.filter((value, index) => value === index).length).toBeLessThan(8);
    expect(order.filter((value, index) => index > 0 && Math.abs(value - order[index - 1]!) === 1).length).toBeLessThan(
      12,
    );
  });

  eachDevice("draws repeat for equal keys, differ for others, and follow the seed without a key", async (device) => {
    const draw = (options = {}) => random.normal([5], { device, ...options }).array();
    expect(await draw({ key })).toEqual(await draw({ key }));
    expect(await draw({ key })).not.toEqual(await draw({ key: random.foldIn(key, 1) }));
    setSeed(7);
    const first = [await draw(), await draw()];
    setSeed(7);
    expect([await draw(), await draw()]).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
    setSeed(8);
    expect(await draw()).not.toEqual(first[0]);
    const [a, b] = random.split(key, 2);
    expect(await draw({ key: a })).not.toEqual(await draw({ key: b }));
  });

  eachDevice("sizes need not be multiples of a counter's four words, and empty shapes are empty", async (device) => {
    const all = await random.uniform([11], { key, device }).data();
    for (const size of [0, 1, 2, 3, 4, 5, 7])
      expect(await random.uniform([size], { key, device }).data()).toEqual(all.slice(0, size));
    expect(await random.normal([], { key, device }).item()).toBe((await random.normal([9], { key, device }).data())[0]);
  });
});

describe("arguments", () => {
  test("every distribution describes itself under its own name", () => {
    const { key: _, split, foldIn, ...draws } = random;
    const wrong = Object.entries(draws).filter(
      ([name, { op }]) => op.name !== name || !/^[A-Z].*\.$/.test(op.info.description),
    );
    expect(wrong).toEqual([]);
    expect(Object.keys(draws)).toHaveLength(6);
    expect([split, foldIn].map((f) => typeof f)).toEqual(["function", "function"]);
  });

  test("invalid arguments are rejected", () => {
    const device = "CPU:0";
    expect(() => random.normal([2], 0, -1, { device })).toThrow(ArgumentError);
    expect(() => random.truncatedNormal([2], 0, -1, { device })).toThrow(ArgumentError);
    expect(() => random.bernoulli([2], 1.5, { device })).toThrow(ArgumentError);
    expect(() => random.integers([2], 3, 3, { device })).toThrow(ArgumentError);
    expect(() => random.integers([2], 0.5, 3, { device })).toThrow(ArgumentError);
    expect(() => random.permutation(-1, { device })).toThrow(ArgumentError);
    expect(() => random.uniform([2], { device, dtype: "int32" })).toThrow(DTypeError);
  });

  test("the orders of four numbers are equally likely", async () => {
    const counts = new Map<string, number>();
    const draws = 12_000;
    for (let i = 0; i < draws; i++) {
      const order = await random.permutation(4, { key: random.foldIn(key, i), device: "CPU:0" }).data();
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    }
    const expected = draws / 24;
    expect(counts.size).toBe(24);
    // Chi squared with 23 degrees of freedom exceeds 50 about once in a thousand times; the keys are fixed.
    expect([...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(50);
  });

  test("the normal quantile is within 4e-7 from 2^-24 to 1 - 2^-24", () => {
    for (const [u, z] of scipyQuantiles)
      expect(Math.abs(normalQuantile(u) - z)).toBeLessThanOrEqual(4e-7 * Math.abs(z));
  });
});

describe.runIf(testDevices.length > 1)("draws of the two devices", () => {
  async function bothOf(draw: (device: string) => Tensor): Promise<[ArrayLike<number>, ArrayLike<number>]> {
    await openTestDevices();
    return [await draw("CPU:0").data(), await draw("GPU:0").data()];
  }

  test("uniform, bernoulli, integers and permutations are the same bits on both devices", async () => {
    const draws: ((device: string) => Tensor)[] = [
      (device) => random.uniform([1001], { key, device }),
      (device) => random.uniform([1001], -0.05, 0.05, { key, device }),
      (device) => random.uniform([1001], 1e-3, 1e5, { key, device }),
      (device) => random.uniform([1001], -Math.sqrt(6 / 1024), Math.sqrt(6 / 1024), { key, device }),
      (device) => random.bernoulli([1001], 0.1, { key, device }),
      (device) => random.integers([1001], -5, 1e9, { key, device }),
      (device) => random.permutation(1001, { key, device }),
      (device) => random.permutation(60_000, { key, device }),
    ];
    for (const draw of draws) {
      const [onCpu, onGpu] = await bothOf(draw);
      expect(onGpu).toEqual(onCpu);
    }
  });

  test("normal and truncated normal numbers agree within 4 ulp or 1e-6", async () => {
    for (const draw of [random.normal, random.truncatedNormal]) {
      const [onCpu, onGpu] = await bothOf((device) => draw([100_000], { key, device }));
      const apart = Array.from(onCpu, (x, i) => Math.abs(x - onGpu[i]!) - Math.max(4 * ulpOf(x), 1e-6));
      expect(apart.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(0);
    }
  });
});
