/** Tests many short epochs and many short runs of `fit` on one device: the same results as long ones, at less cost. */
import { beforeAll, describe, expect } from "vitest";
import {
  Block,
  dense,
  deviceInfo,
  dropout,
  losses,
  NotFiniteError,
  Optimizer,
  type Operand,
  random,
  sequential,
  setSeed,
  type Tensor,
  trainingControl,
} from "../../index";
import type { Update, UpdateCall } from "../../nn/define/optimizer";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import { expectClose, onDevice } from "../../testing/onDevice";
import type { Callback } from "../callback";
import type { FitOptions } from "../fitOptions";

const crossentropy = (yTrue: Tensor, yPred: Tensor) =>
  losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true });

async function weightsOf(net: Block): Promise<unknown[]> {
  return Promise.all(net.weights.map((weight) => weight.array()));
}

function rowsOf(count: number): [x: Tensor, y: Tensor] {
  return [random.normal([count, 2]), random.integers([count], 0, 3)];
}

/** Plain gradient descent that counts how often its step is recorded. */
class CountedSgd extends Optimizer {
  readonly slotNames = [];
  timesRecorded = 0;

  protected update({ value, gradient, rates: [rate] }: UpdateCall): Update {
    this.timesRecorded++;
    return { value: value.sub(gradient.mul(rate!)), slots: [] };
  }
}

/** Replaces numbers by matchers that ignore the last digits. */
function nearly(value: unknown): unknown {
  if (typeof value === "number") {
    return Number.isSafeInteger(value)
      ? value
      : expect.closeTo(value, 4 - Math.ceil(Math.log10(Math.abs(value) + 1e-3)));
  }
  if (Array.isArray(value)) return value.map(nearly);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, nearly(item)]));
}

/** Trains a net from a given start and returns it with its history. */
async function run(x: Tensor, y: Tensor, options: FitOptions, start: Tensor[] | undefined, rate = 0.2) {
  const net = sequential([dense(8, { activation: "tanh" }), dropout(rate), dense(3)]);
  net.call(x);
  if (start) await net.setWeights(start);
  net.compile({ optimizer: "adam", loss: crossentropy, metrics: ["sparseCategoricalAccuracy"] });
  setSeed(3);
  const history = await net.fit(x, y, { batchSize: x.shape[0]!, ...options });
  return { net, history };
}

beforeAll(openTestDevices);

/** Bit-identical on the CPU. A GPU's compiler may round fused operations differently. */
const expectSame = (got: unknown, expected: unknown) => {
  if (device.startsWith("CPU")) expect(got).toEqual(expected);
  else expect(got).toEqual(nearly(expected));
};
const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);

describe("epochs of one step", () => {
  for (const shuffle of [true, false]) {
    check(`give the same joined and one by one (${shuffle ? "" : "not "}shuffled)`, async () => {
      const [x, y] = rowsOf(12);
      const { net } = await run(x, y, { epochs: 0 }, undefined);
      const start = await net.getWeights();
      const joined = await run(x, y, { epochs: 150, shuffle }, start);
      const seen: number[] = [];
      const callbacks = [{ onEpochEnd: (epoch: number) => void seen.push(epoch) }];
      const single = await run(x, y, { epochs: 150, shuffle, callbacks }, start);
      expectSame(await weightsOf(joined.net), await weightsOf(single.net));
      expectSame({ ...joined.history }, { ...single.history });
      expect(joined.history.run).toMatchObject({ epochs: 150, steps: 150, stopped: null });
      expect([joined.history["loss"]!.length, seen.length]).toEqual([150, 150]);
    });
  }

  check("pause, step, step an epoch and stop as exactly as when run one by one", async () => {
    const [x, y] = rowsOf(12);
    const { net } = await run(x, y, { epochs: 0 }, undefined);
    const start = await net.getWeights();
    const whole = await run(x, y, { epochs: 20 }, start);
    const control = trainingControl();
    control.step(3);
    const held = run(x, y, { epochs: 20, control }, start);
    await control.whenPaused();
    const done = () => control.history!["loss"]?.length;
    expect(done()).toBe(3);
    control.stepEpoch();
    await control.whenPaused();
    expect(done()).toBe(4);
    control.step(5);
    await control.whenPaused();
    expect(done()).toBe(9);
    control.resume();
    const { net: after, history } = await held;
    expect({ ...history }).toEqual({ ...whole.history });
    expect(await weightsOf(after)).toEqual(await weightsOf(whole.net));

    const stopping = trainingControl();
    stopping.step(7);
    const stopped = run(x, y, { epochs: 1000, control: stopping }, start);
    await stopping.whenPaused();
    stopping.stop("enough");
    const { history: short } = await stopped;
    expect([short["loss"], short.run]).toMatchObject([
      whole.history["loss"]!.slice(0, 7),
      { epochs: 7, stopped: "enough" },
    ]);
  });

  check("report progress, and the step that failed", async () => {
    const [x, y] = rowsOf(12);
    const seen: { epoch: number; loss: number; state: string }[] = [];
    const onProgress = ({ epoch, loss, state }: (typeof seen)[number]) => void seen.push({ epoch, loss, state });
    const { history } = await run(x, y, { epochs: 90, callbacks: [{ onProgress }] }, undefined);
    expect(seen.at(-1)).toMatchObject({ epoch: 90, state: "ended" });
    expect(seen.at(-1)!.loss).toBeCloseTo(history["loss"]!.at(-1)!, 5);

    const [a, b] = [random.normal([4, 2]), random.normal([4, 1])];
    const kernel = random.normal([2, 1]);
    const fail = async (callbacks: Callback[]) => {
      const net = dense(1, { useBias: false });
      net.call(a);
      await net.setWeights([kernel]);
      const optimizer = new CountedSgd({ learningRate: (step) => (step < 70 ? 0.01 : 1e30) });
      net.compile({ optimizer, loss: "meanSquaredError" });
      const control = trainingControl();
      const error: unknown = await net
        .fit(a, b, { epochs: 200, control, callbacks })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotFiniteError);
      const { iterations } = optimizer;
      return [
        (error as Error).message,
        { ...control.history },
        control.history!.run.steps,
        iterations,
        await weightsOf(net),
      ];
    };
    const single = await fail([{ onEpochEnd: () => undefined }]);
    expect(await fail([])).toEqual(nearly(single));
    expect(single[2]).toBe(71);
  });
});

describe("runs one after the other", () => {
  check("record their step without rebuilding its program, until the block or its loss changes", async () => {
    const [x, y] = rowsOf(32);
    const layers = [dense(8, { activation: "tanh" }), dense(3)];
    const net = sequential(layers);
    const optimizer = new CountedSgd();
    net.compile({ optimizer, loss: crossentropy });
    const recorded: number[] = [];
    const fit = async (rows = x, labels = y) => {
      await net.fit(rows, labels, { epochs: 2, batchSize: 16, shuffle: false });
      recorded.push(optimizer.timesRecorded);
    };
    await fit();
    await fit();
    await fit(...rowsOf(32));
    expect(new Set(recorded)).toEqual(new Set([4]));
    net.add(dense(3));
    await fit();
    net.compile({ optimizer, loss: (yTrue, yPred) => crossentropy(yTrue, yPred).mul(2) });
    await fit();
    layers[0]!.trainable = false;
    await fit();
    expect(recorded.slice(3)).toEqual([10, 16, 20]);
  });

  check("take the steps of one long run, and hold no memory in between", async () => {
    const [x, y] = rowsOf(30);
    const { net } = await run(x, y, { epochs: 0 }, undefined);
    const start = await net.getWeights();
    const options = { batchSize: 8, shuffle: false };
    const long = await run(x, y, { ...options, epochs: 6 }, start, 0);
    const short = await run(x, y, { ...options, epochs: 1 }, start, 0);
    const held = () => [deviceInfo(device).bytesInUse, deviceInfo(device).buffers];
    for (let epoch = 1; epoch < 6; epoch++) await short.net.fit(x, y, { ...options, epochs: 1 });
    expect(await weightsOf(short.net)).toEqual(await weightsOf(long.net));
    const before = held();
    for (let more = 0; more < 3; more++) await short.net.fit(x, y, { ...options, epochs: 1 });
    held().forEach((now, index) => expect(now).toBeLessThanOrEqual(before[index]!));
  });
});

describe("predict", () => {
  check("records a block once per batch size, and again if it changed or reads values", async () => {
    let calls = 0;
    class Forwards extends Block {
      hidden = dense(3);
      reads = false;
      override forward(x: Operand): Tensor | Promise<Tensor> {
        calls++;
        const y = this.hidden.call(x);
        return this.reads
          ? y
              .sum()
              .item()
              .then((sum) => y.mul(sum > 0 ? 1 : 2))
          : y.relu();
      }
    }
    const net = new Forwards();
    const x = random.normal([22, 4]);
    await net.call(x);
    const counts: number[] = [];
    const same = async () => {
      const parts: number[][] = [];
      for (let from = 0; from < 22; from += 4)
        parts.push((await (await net.call(x.slice([from, 0], [Math.min(from + 4, 22), 4]))).array()) as never);
      calls = 0;
      await expectClose(await net.predict(x, { batchSize: 4 }), parts.flat(2));
      counts.push(calls);
    };
    await same();
    net.hidden.kernel.assign(random.normal([4, 3]));
    await same();
    net.hidden = dense(3);
    await same();
    net.reads = true;
    await same();
    // Five batches of four rows and one of two. Recording the forward that reads values fails once.
    expect(counts).toEqual([2, 2, 2, 7]);
  });
});
