/** Tests of `fit`, `evaluate` and `predict` on one device. */
import { afterEach, beforeAll, describe, expect } from "vitest";
import { clearCancel, requestCancel } from "../base/cancel";
import {
  Block,
  callbacks,
  Cancelled,
  dense,
  deviceInfo,
  devices,
  dropout,
  losses,
  metrics,
  NotFiniteError,
  type Operand,
  ones,
  optimizers,
  random,
  sequential,
  setSeed,
  type Tensor,
  tensor,
  trainingControl,
} from "../index";
import { openTestDevices, testDevice as device } from "../testing/eachDevice";
import { expectClose, onDevice } from "../testing/onDevice";
import type { Callback } from "./callback";
import type { Progress } from "./run/progress";
import type { History } from "./trainingHistory";

/** The long count with `WEIGHTROOM_FULL`. */
const manySteps = import.meta.env?.WEIGHTROOM_FULL ? 10_000 : 1_000;

function classifier() {
  return sequential([dense(8, { activation: "tanh" }), dense(3)]);
}

const crossentropy = (yTrue: Tensor, yPred: Tensor, { sampleWeight }: { sampleWeight?: Operand } = {}) =>
  losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true, sampleWeight });

/** Returns two nets with the same weights. */
async function twins(make: () => Block, x: Tensor): Promise<[Block, Block]> {
  const [net, other] = [make(), make()];
  for (const one of [net, other]) one.call(x);
  await other.setWeights(await net.getWeights());
  return [net, other];
}

async function weightsOf(net: Block): Promise<unknown[]> {
  return Promise.all(net.weights.map((weight) => weight.array()));
}

/** Logarithm of the input plus 1, NaN below -1. */
class Logarithm extends Block {
  forward(x: Operand): Tensor {
    return x.add(1).log();
  }
}

/** Throws on batches of two rows: the last of ten rows in batches of eight. */
class FailsOnTwo extends Block {
  private readonly inner = dense(3);

  forward(x: Operand): Tensor {
    if ((x as Tensor).shape[0] === 2) throw new Error("two rows");
    return this.inner.call(x);
  }
}

/** A block with a state that counts training steps. */
class Counted extends Block {
  override build(): void {
    this.count = this.addWeight("count", [], { initializer: (shape) => ones(shape), trainable: false });
  }
  forward(x: Operand): Tensor {
    if (this.training) this.count.assign(this.count.add(1));
    return x.asTensor();
  }
}

beforeAll(openTestDevices);

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);
const draw = (rows = 10) => ({ x: random.normal([rows, 4]), y: random.integers([rows], 0, 3) });
const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4));

afterEach(clearCancel);

describe("fit", () => {
  check("takes the same steps as a handwritten loop of minimize, with a smaller last batch", async () => {
    const { x, y } = draw();
    const [net, other] = await twins(classifier, x);
    net.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: crossentropy, metrics: ["accuracy"] });
    const history = await net.fit(x, y, { epochs: 3, batchSize: 4, shuffle: false });
    const optimizer = optimizers.adam({ learningRate: 0.01 });
    const seen: { loss: number[]; accuracy: number[] } = { loss: [], accuracy: [] };
    for (let epoch = 0; epoch < 3; epoch++) {
      let [sum, right] = [0, 0];
      for (let start = 0; start < 10; start += 4) {
        const end = Math.min(start + 4, 10);
        const [xs, ys] = [x.slice([start], [end]), y.slice([start], [end])];
        right += (await metrics.accuracy(ys, other.call(xs)).item()) * (end - start);
        const loss = await optimizer.minimize(() => crossentropy(ys, other.call(xs)), other);
        sum += (await loss.item()) * (end - start);
      }
      seen.loss.push(sum / 10);
      seen.accuracy.push(right / 10);
    }
    expect(history).toEqual({ loss: close(seen.loss), accuracy: close(seen.accuracy) });
    expect(history.run).toEqual({ device, epochs: 3, steps: 9, seconds: expect.any(Number), stopped: null });
    for (const [index, weight] of net.weights.entries())
      await expectClose(weight, ((await weightsOf(other)) as unknown[][])[index]!.flat(), 1e-4);
  });

  check("validates on the last rows, which are not trained on; evaluate agrees", async () => {
    const { x, y } = draw(20);
    const [net, other] = await twins(classifier, x);
    const compiled = { loss: crossentropy, metrics: ["accuracy"] };
    net.compile({ ...compiled, optimizer: optimizers.sgd({ learningRate: 0.1 }) });
    other.compile({ ...compiled, optimizer: optimizers.sgd({ learningRate: 0.1 }) });
    setSeed(5);
    const split = await net.fit(x, y, { epochs: 2, batchSize: 4, validationSplit: 0.3 });
    setSeed(5);
    const rows = [x.slice([0], [14]), y.slice([0], [14])] as const;
    const validationData = [x.slice([14]), y.slice([14])] as const;
    const given = await other.fit(...rows, { epochs: 2, batchSize: 4, validationData });
    expect(Object.keys(split)).toEqual(["loss", "accuracy", "valLoss", "valAccuracy"]);
    expect(split).toEqual(given);
    expect(await net.evaluate(...validationData, { batchSize: 4 })).toEqual({
      loss: split.valLoss!.at(-1),
      accuracy: split.valAccuracy!.at(-1),
    });
    await expectClose(crossentropy(validationData[1], net.call(validationData[0])), split.valLoss!.at(-1)!, 1e-4);
  });

  check("predict returns the same as call, batch by batch, without training mode", async () => {
    const x = random.normal([10, 4]);
    const net = sequential([dense(5), dropout(0.5), dense(2)]);
    const y = await net.predict(x, { batchSize: 4 });
    expect([y.shape, y.device]).toEqual([[10, 2], device]);
    await expectClose(y, ((await net.call(x).array()) as number[][]).flat(), 1e-5);
  });

  check("each epoch visits every row once, in a new order", async () => {
    // Sums of distinct powers of two identify the rows in them.
    const x = tensor(Array.from({ length: 12 }, (_, row) => [2 ** row]));
    const net = dense(1, { useBias: false });
    const sum = (yTrue: Tensor) => yTrue.sum();
    const sumOfSquares = (yTrue: Tensor) => yTrue.sum().square();
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: sum, metrics: { sum, sumOfSquares } });
    const shuffled = await net.fit(x, x, { batchSize: 4, epochs: 4 });
    expect(shuffled.sum).toEqual(Array(4).fill(4095 / 3));
    expect(new Set(shuffled.sumOfSquares).size).toBe(4);
    const plain = await net.fit(x, x, { batchSize: 4, epochs: 2, shuffle: false });
    expect(plain.sumOfSquares).toEqual(Array(2).fill((15 ** 2 + 240 ** 2 + 3840 ** 2) / 3));
  });

  check("the same seed gives a bit-identical run; another seed changes dropout and order", async () => {
    const run = async (seed: number) => {
      setSeed(seed);
      const { x, y } = draw(30);
      const net = sequential([dense(8, { activation: "relu" }), dropout(0.3), dense(3)]);
      net.compile({ optimizer: "adam", loss: crossentropy, metrics: ["accuracy"] });
      const history = await net.fit(x, y, { epochs: 4, batchSize: 8, validationSplit: 0.2 });
      return { history, weights: await weightsOf(net) };
    };
    const [first, second, other] = [await run(3), await run(3), await run(4)];
    expect(second).toEqual(first);
    expect(other.history).not.toEqual(first.history);
  });

  check("initialize restores the first weights, and with them the same run", async () => {
    const { x, y } = draw();
    const net = classifier();
    const run = async () => {
      net.compile({ optimizer: "sgd", loss: crossentropy });
      return net.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false });
    };
    const first = await run();
    const before = await weightsOf(net);
    net.initialize();
    expect(await weightsOf(net)).not.toEqual(before);
    expect(await run()).toEqual(first);
  });

  check("class weights act on the loss like sample weights", async () => {
    const { x, y } = draw();
    const [net, other] = await twins(classifier, x);
    for (const one of [net, other]) one.compile({ optimizer: "sgd", loss: crossentropy });
    const options = { batchSize: 4, shuffle: false } as const;
    const byClass = await net.fit(x, y, { ...options, classWeight: { 1: 5, 2: 0 } });
    const weights = Array.from(await y.data(), (label) => [1, 5, 0][label]!);
    expect(await other.fit(x, y, { ...options, sampleWeight: weights })).toEqual(byClass);
    expect(await weightsOf(other)).toEqual(await weightsOf(net));
    const plain = (yTrue: Tensor, yPred: Tensor) => yPred.sub(yTrue.reshape([-1, 1])).mean();
    net.compile({ loss: plain });
    await expect(net.fit(x, y, { classWeight: { 1: 5 } })).rejects.toThrow(
      "fit(): expected a loss that takes { sampleWeight }, for class and sample weights, got plain.",
    );
  });

  check("only fit uses training mode; states assigned in it are kept", async () => {
    const net = sequential([new Counted(), dense(1)]);
    const x = random.normal([10, 2]);
    net.compile({ loss: "mean_squared_error" });
    await net.fit(x, x.sum(1, true), { batchSize: 4, epochs: 2, validationSplit: 0.2 });
    await net.evaluate(x, x.sum(1, true));
    await net.predict(x);
    expect(await net.weights[0]!.item()).toBe(1 + 2 * 2);
  });

  check("a forward that reads values runs again at every step", async () => {
    let calls = 0;
    class Shrinks extends Block {
      inner = dense(1);
      async forward(x: Operand): Promise<Tensor> {
        calls++;
        let small = x.asTensor();
        while ((await small.abs().max().item()) > 1) small = small.div(2);
        return this.inner.call(small);
      }
    }
    const net = new Shrinks();
    const x = tensor([[1], [2], [4], [8]]);
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.25 }), loss: "meanSquaredError" });
    const { loss } = await net.fit(x, ones([4, 1]), { batchSize: 1, epochs: 20, shuffle: false });
    expect([loss!.at(-1)! < 1e-3, calls >= 80]).toEqual([true, true]);
  });

  check("a layer that a callback freezes stays constant from the next epoch on", async () => {
    const { x, y } = draw();
    const net = classifier();
    const seen: unknown[] = [];
    const freeze: Callback = {
      async onEpochEnd(epoch) {
        seen.push(await net.layers[0]!.kernel.array());
        if (epoch === 1) net.layers[0]!.trainable = false;
      },
    };
    net.compile({ optimizer: "adam", loss: crossentropy });
    await net.fit(x, y, { epochs: 4, callbacks: [freeze] });
    expect(seen[1]).not.toEqual(seen[0]);
    expect(seen.slice(2)).toEqual([seen[1], seen[1]]);
  });
});

describe("where it trains", () => {
  const train = async (options: { device?: string }) => {
    setSeed(8);
    const { x, y } = draw(16);
    const net = sequential([dense(8, { activation: "relu" }), dropout(0.3), dense(3)]);
    net.compile({ optimizer: "adam", loss: crossentropy });
    const history = await net.fit(x, y, { epochs: 3, batchSize: 8, ...options });
    return { net, history };
  };

  check("the faster device is determined by trial and reported; the trial has no side effects", async () => {
    const { net, history } = await train({ device: "auto" });
    const chosen = history.run.device;
    expect(devices()).toContain(chosen);
    const { trials } = history.run;
    expect(trials!.map((trial) => trial.device).toSorted()).toEqual(
      devices().includes("GPU:0") ? ["CPU:0", "GPU:0"] : [],
    );
    expect(trials![0]?.device ?? "CPU:0").toBe(chosen);
    expect(new Set(net.weights.map((weight) => weight.device))).toEqual(new Set([chosen]));
    const fixed = await train({ device: chosen });
    expect(fixed.history.run).toMatchObject({ device: chosen, steps: 6 });
    expect(history.loss).toEqual(close(fixed.history.loss!));
  });

  check("the block moves to the device that the options name", async () => {
    const { net, history } = await train({ device: "CPU:0" });
    expect([history.run.device, net.weights[0]!.device]).toEqual(["CPU:0", "CPU:0"]);
    await expect(train({ device: "GPU:7" })).rejects.toThrow("device: expected one of");
  });
});

describe("stopping", () => {
  /** A single weight that the loss decreases at a constant rate. After a while the validation loss increases. */
  const steady = () => {
    const net = dense(1, { useBias: false, kernelInitializer: (shape) => ones(shape) });
    const loss = (yTrue: Tensor, yPred: Tensor) => yPred.sub(yTrue).abs().mean();
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.25 }), loss });
    return net;
  };
  const x = () => ones([2, 1]);

  check("early stopping waits for patience, and restores the best weights", async () => {
    const net = steady();
    // The weight takes the values 1, 0.75, 0.5, ...: 0.5 validates best.
    const validationData = [x(), x().mul(0.5)] as const;
    const stop = callbacks.earlyStopping({ patience: 2, restoreBestWeights: true });
    const history = await net.fit(x(), x().mul(-9), { epochs: 50, validationData, callbacks: [stop] });
    expect(history.valLoss).toEqual([0.25, 0, 0.25, 0.5]);
    expect(await net.kernel.array()).toEqual([[0.5]]);
    expect(history.run).toMatchObject({ epochs: 4, stopped: "earlyStopping(): valLoss no better than 0" });
  });

  check("onTrainEnd is called however a run ends, so that early stopping restores the best weights", async () => {
    const validationData = [x(), x().mul(0.5)] as const;
    const throwing: Callback = { onEpochEnd: (epoch) => void (epoch === 2 && [].at(0)!["absent"]) };
    const stopping: Callback = { onEpochEnd: (epoch) => void (epoch === 2 && requestCancel()) };
    for (const [fail, name] of [
      [throwing, "TypeError"],
      [stopping, "Cancelled"],
    ] as const) {
      const net = steady();
      const ended: (string | null)[] = [];
      const stop = callbacks.earlyStopping({ patience: 9, restoreBestWeights: true });
      const broken = { onTrainEnd: () => Promise.reject(new Error("in the end")) };
      const last = { onTrainEnd: ({ run }: History) => void ended.push(run.stopped) };
      const running = net.fit(x(), x().mul(-9), { epochs: 5, validationData, callbacks: [stop, broken, last, fail] });
      const thrown = (await running.catch((error: unknown) => error)) as Error;
      clearCancel();
      expect([thrown.name, ended, await net.kernel.array()]).toEqual([name, [name], [[0.5]]]);
    }
    const begun = { onTrainBegin: () => Promise.reject(new Error("no")) };
    const seen: string[] = [];
    const after = { onTrainEnd: () => void seen.push("not begun") };
    await expect(steady().fit(x(), x(), { callbacks: [begun, after] })).rejects.toThrow("no");
    expect(seen).toEqual([]);
  });

  check("early stopping ignores improvements below minDelta", async () => {
    const net = steady();
    const stop = callbacks.earlyStopping({ monitor: "loss", minDelta: 0.3 });
    const history = await net.fit(x(), x().mul(-9), { epochs: 50, callbacks: [stop] });
    expect(history.loss).toEqual([10, 9.75]);
  });

  check("stops at a target", async () => {
    const net = steady();
    const stop = callbacks.stopAtTarget({ monitor: "loss", target: 9.5 });
    expect((await net.fit(x(), x().mul(-9), { epochs: 50, callbacks: [stop] })).loss).toEqual([10, 9.75, 9.5]);
  });

  check("an error for a value that is not in the history lists those that are", async () => {
    const stop = callbacks.earlyStopping();
    await expect(steady().fit(x(), x(), { callbacks: [stop] })).rejects.toThrow(
      'earlyStopping() monitor: expected one of loss, got "valLoss". Pass validationSplit or validationData to fit().',
    );
  });
});

describe("not finite", () => {
  check("a step that is not finite changes nothing, and the error names the first layer with a NaN", async () => {
    const positive = dense(1, { useBias: false, kernelInitializer: (shape) => ones(shape), name: "positive" });
    const net = sequential([new Counted(), positive, new Logarithm("log"), dense(1, { name: "out" })]);
    const compile = () => net.compile({ optimizer: optimizers.adam(), loss: "meanSquaredError" });
    const x = tensor([[1], [2], [3], [4], [5], [-6], [7], [8]]);
    const options = { batchSize: 2, shuffle: false } as const;
    net.call(x);
    const before = await net.getWeights();
    compile();
    await net.fit(x.slice([0], [4]), ones([4, 1]), options);
    const good = await weightsOf(net);
    await net.setWeights(before);
    compile();
    const failing = net.fit(x, ones([8, 1]), { ...options, epochs: 3 });
    const error = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFiniteError);
    const { at, expected, got } = error as NotFiniteError;
    expect({ at, expected, got }).toEqual({
      at: 'fit() step 3, epoch 1: Logarithm "log"',
      expected: "a finite output",
      got: "NaN",
    });
    expect(await weightsOf(net)).toEqual(good);
  });

  check("an error for rows that are not finite names the rows", async () => {
    const net = dense(1);
    net.compile({ loss: "meanSquaredError" });
    await expect(net.fit(tensor([[1], [NaN]]), ones([2, 1]))).rejects.toThrow(
      "fit() step 1, epoch 1: X: expected finite numbers, got NaN.",
    );
  });

  check("a gradient that is not finite is found even if the loss is finite; the step does not count", async () => {
    const optimizer = optimizers.sgd();
    // The first row's input is 0, so its step leaves the weight at 1.
    const net = sequential([dense(1, { name: "root", useBias: false, kernelInitializer: (shape) => ones(shape) })]);
    // The square root has an infinite slope at 0.
    net.compile({ optimizer, loss: (yTrue, yPred) => yPred.sub(yTrue).sqrt().mean() });
    const failing = net.fit(tensor([[0], [1]]), tensor([[-1], [1]]), { batchSize: 1, epochs: 9, shuffle: false });
    await expect(failing).rejects.toThrow("root/kernel: expected a finite gradient, got");
    expect([optimizer.iterations, await net.weights[0]!.item()]).toEqual([1, 1]);
  });
});

describe("a control", () => {
  const start = (epochs = 4) => {
    const { x, y } = draw(12);
    const net = classifier();
    net.call(x);
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: crossentropy });
    const control = trainingControl();
    const optimizer = () => control.history!.run;
    return { net, x, y, control, options: { epochs, batchSize: 4, control, shuffle: false }, optimizer };
  };

  check("pauses, steps by batch and by epoch, and resumes, with the result of an uninterrupted run", async () => {
    const { net, x, y, control, options } = start();
    const before = await net.getWeights();
    const plain = await net.fit(x, y, { ...options, control: undefined });
    const expected = await weightsOf(net);
    await net.setWeights(before);
    control.pause();
    const fitting = net.fit(x, y, options);
    const seen: unknown[] = [];
    const look = async () => {
      await control.whenPaused();
      seen.push([control.state, control.history!.loss?.length ?? 0, JSON.stringify(await net.weights[0]!.array())]);
    };
    await look();
    control.step();
    await look();
    control.step(2);
    await look();
    control.stepEpoch();
    await look();
    control.resume();
    await look();
    const states = seen.map((entry) => (entry as [string, number, string]).slice(0, 2));
    expect(states).toEqual([
      ["paused", 0],
      ["paused", 0],
      ["paused", 1],
      ["paused", 2],
      ["ended", 4],
    ]);
    expect(new Set(seen.map((entry) => (entry as string[])[2])).size).toBe(5);
    expect(await fitting).toEqual(plain);
    expect(await weightsOf(net)).toEqual(expected);
  });

  check("stops from outside: fit resolves with the epochs so far", async () => {
    const { net, x, y, control, options } = start(1_000_000);
    const fitting = net.fit(x, y, options);
    setTimeout(() => control.stop("enough"), 100);
    const history = await fitting;
    expect(history.run).toMatchObject({ stopped: "enough", epochs: history.loss?.length ?? 0 });
  });

  check("Stop rejects with Cancelled, even while paused; values are kept and fit can run again", async () => {
    const { net, x, y, control, options } = start(1_000_000);
    for (const paused of [false, true]) {
      const own = paused ? trainingControl() : control;
      const fitting = net.fit(x, y, { ...options, control: own });
      setTimeout(() => (paused ? own.pause() : requestCancel()), 50);
      if (paused) setTimeout(requestCancel, 100);
      await expect(fitting).rejects.toBeInstanceOf(Cancelled);
      clearCancel();
      expect((await weightsOf(net)).flat(3).every((value) => Number.isFinite(value))).toBe(true);
      expect(own.history!.run).toMatchObject({ stopped: "Cancelled" });
    }
    expect((await net.fit(x, y)).loss!.length).toBe(1);
  });

  check("progress reports epoch, loss, rate and time left", async () => {
    const { net, x, y, options } = start(30);
    const seen: Progress[] = [];
    const history = await net.fit(x, y, {
      ...options,
      callbacks: [{ onProgress: (one) => void seen.push({ ...one }) }],
    });
    expect(seen.at(-1)).toEqual({
      epoch: 30,
      epochs: 30,
      step: 3,
      steps: 3,
      loss: expect.closeTo(history.loss!.at(-1)!, 5),
      rowsPerSecond: expect.any(Number),
      stepsPerSecond: expect.any(Number),
      secondsLeft: 0,
      device,
      logs: { loss: history.loss!.at(-1) },
      trials: [],
      seconds: expect.any(Number),
      state: "ended",
    });
    expect(seen.at(-1)!.rowsPerSecond).toBeGreaterThan(0);
  });
});

describe("invalid input", () => {
  check("is rejected with a remedy", async () => {
    const { x, y } = draw();
    const net = classifier();
    await expect(net.fit(x, y)).rejects.toThrow("fit(): expected a compiled block, got Sequential without a loss.");
    expect(() => net.compile({ loss: "meanSquared" })).toThrow("compile() loss: expected one of");
    expect(() => net.compile({ loss: crossentropy, metrics: ["accuracy", metrics.accuracy] })).toThrow(
      "compile() metrics: expected metrics of different names, got two named accuracy.",
    );
    net.compile({ loss: crossentropy });
    await expect(net.fit(x, y.slice([1]))).rejects.toThrow("fit(): expected y of 10 rows, as many as X, got [9].");
    await expect(net.fit(x, y, { epoch: 3 } as object)).rejects.toThrow("got epoch.");
    await expect(net.fit(x, y, { batchSize: 0 })).rejects.toThrow(
      "fit() batchSize: expected a whole number >= 1, got 0.",
    );
    await expect(net.fit(x, y, { validationSplit: 0.99 })).rejects.toThrow("a part that leaves rows on both sides");
    expect(net.built).toBe(false);
    const control = trainingControl();
    const running = net.fit(x, y, { control });
    await expect(net.fit(x, y)).rejects.toThrow("expected a block that is not in training");
    await running;
  });
});

describe("memory", () => {
  check(`${manySteps} steps use constant bytes and buffers, and a run frees everything that it created`, async () => {
    const { x, y } = draw(64);
    const net = sequential([dense(8, { activation: "relu" }), dropout(0.1), dense(3)]);
    net.compile({ optimizer: "adam", loss: crossentropy, metrics: ["accuracy"] });
    const held = () => {
      const { bytesInUse, buffers } = deviceInfo(device);
      return { bytesInUse, buffers };
    };
    await net.fit(x, y, { epochs: 2, batchSize: 8 });
    const before = held();
    const seen: ReturnType<typeof held>[] = [];
    const look: Callback = { onEpochEnd: () => void seen.push(held()) };
    await net.fit(x, y, { epochs: manySteps / 8, batchSize: 8, callbacks: [look] });
    const steady = seen[3]!;
    for (const one of seen.slice(3)) {
      expect(one.buffers).toBeLessThanOrEqual(steady.buffers);
      expect(one.bytesInUse).toBeLessThanOrEqual(steady.bytesInUse);
    }
    expect(held().buffers).toBeLessThanOrEqual(before.buffers);
    expect(held().bytesInUse).toBeLessThanOrEqual(before.bytesInUse);
  });

  check("a run that fails at its second batch size frees everything that it prepared", async () => {
    const { x, y } = draw(10);
    const net = new FailsOnTwo();
    net.compile({ loss: crossentropy });
    await net.fit(x.slice([0], [8]), y.slice([0], [8]));
    const before = deviceInfo(device).buffers;
    // More often than what was dropped before, and may be collected meanwhile, could hide.
    for (let time = 0; time < 10; time++) {
      for (const verb of ["fit", "evaluate"] as const)
        await expect(net[verb](x, y, { batchSize: 8 })).rejects.toThrow("two rows");
    }
    expect(deviceInfo(device).buffers).toBeLessThanOrEqual(before);
  });
});
