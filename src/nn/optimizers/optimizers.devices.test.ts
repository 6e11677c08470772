/** Tests of every optimizer beyond its formula, on one device. */
import { describe, expect } from "vitest";
import { deviceInfo, Optimizer, optimizers, Parameter, schedules, type Tensor, tensor, zeros } from "../../index";
import { activity } from "../../tensor/activity";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import golden from "../../testing/golden/optimizers.json";
import tfjs from "../../testing/golden/tfjs.json";
import { onDevice } from "../../testing/onDevice";
import { findKind } from "../define/findKind";
import type { Update, UpdateCall } from "../define/optimizer";
import type { OptimizerOptions } from "../define/optimizerFields";
import type { Schedule } from "../define/schedule";

type Values = Record<string, number[] | number[][]>;

interface OptimizerCase {
  optimizer: string;
  options: Record<string, unknown>;
  /** Origin of the expected values. */
  source: string;
  /** Parameters by number of steps. */
  values: Record<string, Values>;
}

const cases = [...golden.cases, ...tfjs.optimizers] as unknown as OptimizerCase[];

/** Creates the optimizer of a case. A schedule appears in the case as its kind and options. */
function made({ optimizer, options }: OptimizerCase): Optimizer {
  const make = findKind<(given: OptimizerOptions) => Optimizer>(optimizers, optimizer, "test");
  const { kind, ...fields } = (options["learningRate"] ?? {}) as { kind?: string };
  if (!kind) return make(options);
  const schedule = findKind<unknown>(schedules, kind, "test") as (given: object) => Schedule;
  return make({ ...options, learningRate: schedule(fields) });
}

/**
 * Returns the largest error of an element's change, in units of the allowed one: a share of the expected change, plus
 * the rounding of float32.
 */
async function worstError(parameter: Parameter, name: string, expected: number[]): Promise<number> {
  const got = await parameter.data();
  const start = (golden.first as Values)[name]!.flat();
  const errors = expected.map((want, index) => {
    const rounding = 100 * 2 ** -24 * Math.max(Math.abs(want), Math.abs(start[index]!));
    const allowed = 1e-4 * Math.abs(want - start[index]!) + rounding;
    return want === got[index] ? 0 : Math.abs(want - got[index]!) / allowed;
  });
  return Math.max(...errors);
}

/** Steps by the sum of this gradient and the previous one. */
class Lagging extends Optimizer {
  readonly slotNames = ["last"];
  protected update({ value, gradient, slots: [last], rates: [rate] }: UpdateCall): Update {
    return { value: value.sub(gradient.add(last!).mul(rate!)), slots: [gradient] };
  }
}

type Name = keyof typeof golden.first;
const names = Object.keys(golden.first) as Name[];

/**
 * Applies steps along the fixed gradients and reports whether each parameter matches the case after the listed steps.
 */
async function follow(
  { values }: OptimizerCase,
  steps: number,
  take: (gradients: Tensor[], parameters: Parameter[]) => void | Promise<void>,
): Promise<Record<string, boolean>> {
  const parameters = names.map((name) => new Parameter(name, tensor(golden.first[name])));
  const found: Record<string, boolean> = {};
  for (let step = 1; step <= steps; step++) {
    const gradients = names.map((name) => tensor(golden.gradients[name][step - 1]!));
    await take(gradients, parameters);
    for (const gradient of gradients) gradient.dispose();
    const expected = values[step];
    if (!expected) continue;
    for (const [index, name] of names.entries()) {
      const error = await worstError(parameters[index]!, name, expected[name]!.flat());
      found[`${name} after ${step}: ${error < 1 ? "near" : error}`] = error < 1;
    }
  }
  return found;
}

function nearAfter(steps: readonly number[]): Record<string, boolean> {
  return Object.fromEntries(steps.flatMap((step) => names.map((name) => [`${name} after ${step}: near`, true])));
}

await openTestDevices();

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);
const weight = (...values: number[]) => new Parameter("w", tensor(values));

describe("optimizers", () => {
  for (const entry of cases) {
    check(`${entry.optimizer}(${JSON.stringify(entry.options)}) follows ${entry.source} over 100 steps`, async () => {
      const optimizer = made(entry);
      const errors = await follow(entry, 100, (gradients, parameters) => optimizer.apply(gradients, parameters));
      expect(errors).toEqual(nearAfter([1, 2, 10, 100]));
    });
  }

  check("a compiled step of every optimizer matches too", async () => {
    for (const entry of cases) {
      const optimizer = made(entry);
      const errors = await follow(entry, 10, async (gradients, parameters) => {
        // A loss whose gradients are the given ones.
        const loss = () => {
          const sums = parameters.map((parameter, index) => parameter.mul(gradients[index]!).sum());
          return sums.reduce((sum, part) => sum.add(part));
        };
        await optimizer.minimize(loss, parameters);
      });
      expect({ ...entry, errors }).toEqual({ ...entry, errors: nearAfter([1, 2, 10]) });
    }
  });

  check("every optimizer has a case, and runs the same ops at every step", async () => {
    expect([...new Set(cases.map((entry) => entry.optimizer))].sort()).toEqual(Object.keys(optimizers).sort());
    for (const entry of cases) {
      const optimizer = made(entry);
      const w = new Parameter("w", tensor([[1, 2]]));
      const counts = [];
      for (let step = 0; step < 3; step++) {
        const before = activity.ops;
        optimizer.apply([tensor([[0.5, -1]])], [w]);
        counts.push(activity.ops - before - (step === 0 ? optimizer.slotNames.length : 0));
      }
      expect({ ...entry, counts }).toEqual({ ...entry, counts: [counts[0], counts[0], counts[0]] });
    }
  });

  check("the state of a parameter can be saved and restored, with the same steps afterwards", async () => {
    const optimizer = optimizers.adam();
    const w = weight(1, 2);
    expect(optimizer.state(w)).toEqual(new Map());
    for (const gradient of [tensor([0.5, -1]), tensor([2, 0.25])]) optimizer.apply([gradient], [w]);
    const state = optimizer.state(w);
    const velocity = await state.get("velocity")!.array();
    const other = optimizers.adam();
    const copy = weight(...((await w.array()) as number[]));
    other.setState(copy, state);
    other.iterations = optimizer.iterations;
    optimizer.apply([tensor([-0.125, 1])], [w]);
    other.apply([tensor([-0.125, 1])], [copy]);
    expect(await copy.array()).toEqual(await w.array());
    expect([...state.keys(), await state.get("velocity")!.array()]).toEqual(["momentum", "velocity", velocity]);
  });

  check("a state with other names or another shape is rejected and changes nothing", async () => {
    const optimizer = optimizers.adam();
    const w = weight(1, 2);
    optimizer.apply([tensor([1, 1])], [w]);
    const before = await optimizer.state(w).get("momentum")!.array();
    expect(() => optimizer.setState(w, new Map([["momentum", zeros([2])]]))).toThrow(
      "setState() of w: expected momentum, velocity, got momentum.",
    );
    const narrow = new Map([...optimizer.state(w)].map(([name]) => [name, zeros([1])]));
    expect(() => optimizer.setState(w, narrow)).toThrow("setState() of w, momentum: expected [2], got [1].");
    expect(await optimizer.state(w).get("momentum")!.array()).toEqual(before);
  });

  check("a gradient of another shape is rejected and changes nothing", async () => {
    const optimizer = optimizers.sgd();
    const w = weight(1, 2);
    expect(() => optimizer.apply([tensor([1, 1]), tensor([1])], [w, w])).toThrow(
      "apply() of 1: expected [2], got [1].",
    );
    expect([optimizer.iterations, await w.array()]).toEqual([0, [1, 2]]);
  });

  check("a step without gradients counts but changes nothing", async () => {
    const optimizer = optimizers.sgd({ globalClipNorm: 1 });
    const w = weight(1, 2);
    w.trainable = false;
    optimizer.apply([tensor([1, 1])], [w]);
    expect([optimizer.iterations, await w.array()]).toEqual([1, [1, 2]]);
  });

  check("a custom rule may retain the gradient that it received", async () => {
    const optimizer = new Lagging({ learningRate: 0.5 });
    const w = weight(4);
    for (const value of [1, 2, 3]) {
      const gradient = tensor([value]);
      optimizer.apply([gradient], [w]);
      gradient.dispose();
    }
    expect(await w.array()).toEqual([4 - 0.5 * (1 + 3 + 5)]);
  });

  check("steps use no more bytes than parameters and optimizer slots", async () => {
    const optimizer = optimizers.adam({ globalClipNorm: 1, weightDecay: 0.1 });
    const w = weight(1, 2, 3);
    const gradient = tensor([1, 1, 1]);
    const before = deviceInfo(device).bytesInUse;
    for (let step = 0; step < 5; step++) optimizer.apply([gradient], [w]);
    expect(deviceInfo(device).bytesInUse - before).toBe(2 * w.bytes);
  });

  check("options that are out of range, unknown or exclusive are rejected", async () => {
    expect(() => optimizers.sgd({ learningRate: -1 })).toThrow("sgd() learningRate: expected a number >= 0, got -1.");
    expect(() => optimizers.adam({ beta1: 2 })).toThrow("adam() beta1: expected a number >= 0 and <= 1, got 2.");
    expect(() => optimizers.sgd({ nesterov: 1 as unknown as boolean })).toThrow(
      "sgd() nesterov: expected true or false, got 1.",
    );
    expect(() => optimizers.sgd({ rate: 1 } as object)).toThrow(
      "sgd(): expected options learningRate, momentum, nesterov, weightDecay, clipNorm, globalClipNorm, clipValue, preset, got rate.",
    );
    expect(() => optimizers.adam({ clipNorm: 1, clipValue: 1 })).toThrow(
      "adam(): expected at most one of clipNorm, globalClipNorm, clipValue, got clipNorm and clipValue.",
    );
  });
});
