/** Tests of mirrored models on two devices. */
import { describe, expect, test } from "vitest";
import { configureLogicalDevices, setDefaultDevice } from "../../device/open";
import {
  Block,
  constant,
  dense,
  deviceInfo,
  initializers,
  losses,
  mirroredStrategy,
  type Operand,
  optimizers,
  random,
  sequential,
  setSeed,
  type Tensor,
  tensor,
} from "../../index";
import { openTestDevices, testDevice } from "../../testing/eachDevice";
import { expectClose } from "../../testing/onDevice";

/** Stores the mean of its last input in a state, like batch normalisation. */
class Watching extends Block {
  override build(): void {
    this.seen = this.addWeight("seen", [], { initializer: initializers.zeros(), trainable: false });
  }
  forward(x: Operand): Tensor {
    const mean = x.mean();
    this.seen.assign(mean);
    return x.mul(1);
  }
}

const meanError = (net: Block, x: Tensor, y: Tensor) => losses.meanSquaredError(y, net.call(x));

function mirroredSuite(devices: readonly [string, string]): void {
  const [first, second] = devices;
  const make = () => sequential([dense(4, { activation: "tanh" }), dense(1)]);

  const check = (name: string, body: () => Promise<void>) =>
    test(name, async () => {
      const before = setDefaultDevice(first);
      try {
        await body();
      } finally {
        setDefaultDevice(before);
      }
    });

  describe(`a model mirrored on ${first} and ${second}`, () => {
    check("has equal parameters on each device, which report their device", async () => {
      const strategy = mirroredStrategy(devices);
      const net = strategy.scope(make);
      net.call(random.normal([2, 3]));
      const replicas = strategy.replicas(net);
      expect(replicas[0]).toBe(net);
      expect(replicas.map(({ weights }) => weights.map(({ path, device }) => [path, device]))).toEqual(
        devices.map((device) => ["0/kernel", "0/bias", "1/kernel", "1/bias"].map((path) => [path, device])),
      );
      const [own, copy] = await Promise.all(replicas.map((replica) => replica.weights[0]!.array()));
      expect(copy).toEqual(own);
    });

    check("returns loss and gradients of the whole batch, as computed by hand", async () => {
      const strategy = mirroredStrategy(devices);
      const net = strategy.scope(() => sequential([dense(1, { kernelInitializer: initializers.constant(2) })]));
      // Predictions 2x against y: errors 1, 2, -3; the mean of their squares 14/3, its gradient by the kernel
      // 2/3 * sum(error * x).
      const data = [tensor([[1], [2], [3]]), tensor([[1], [2], [9]])];
      const { value, grads } = await strategy.valueAndGrad(meanError, net, data);
      await expectClose(value, 14 / 3);
      await expectClose(grads.get("0/kernel")!, (2 / 3) * (1 * 1 + 2 * 2 - 3 * 3));
      await expectClose(grads.get("0/bias")!, 0);
      expect([...grads.values(), value].map(({ device }) => device)).toEqual([first, first, first]);
      await expectClose(net.weights[0]!.grad!, -8 / 3);
    });

    const optimizersByName = { sgd: optimizers.sgd, adam: optimizers.adam };
    for (const [name, optimizer] of Object.entries(optimizersByName)) {
      check(`trains like one device, within rounding (${name})`, async () => {
        const [x, y] = [random.normal([7, 3]), random.normal([7, 1])];
        const run = async (step: (net: Block) => Promise<Tensor>, net: Block) => {
          const history: number[] = [];
          for (let index = 0; index < 20; index++) history.push(await (await step(net)).item());
          return { history, weights: await net.getWeights() };
        };
        setSeed(5);
        const one = optimizer({ learningRate: 0.05 });
        const alone = await run((net) => one.minimize(() => meanError(net, x, y), net), make());
        setSeed(5);
        const strategy = mirroredStrategy(devices);
        const two = optimizer({ learningRate: 0.05 });
        const both = await run((net) => strategy.minimize(two, meanError, net, [x, y]), strategy.scope(make));
        both.history.forEach((loss, index) => expect(loss).toBeCloseTo(alone.history[index]!, 5));
        for (const [index, weight] of both.weights.entries()) {
          await expectClose(weight, Array.from(await alone.weights[index]!.data()), 1e-4);
        }
        expect(alone.history.at(-1)!).toBeLessThan(alone.history[0]! / 2);
      });
    }

    check("is bit-identical on both after a step, which frees its temporary tensors", async () => {
      const strategy = mirroredStrategy(devices);
      const net = strategy.scope(make);
      const optimizer = optimizers.adam();
      const data = [random.normal([6, 3]), random.normal([6, 1])];
      const step = () => strategy.minimize(optimizer, meanError, net, data);
      for (let index = 0; index < 10; index++) await step();
      const held = devices.map((device) => deviceInfo(device).buffers);
      for (let index = 0; index < 10; index++) await step();
      // The count may shrink when the garbage collector frees tensors of earlier tests.
      devices.forEach((device, index) => expect(deviceInfo(device).buffers).toBeLessThanOrEqual(held[index]!));
      const [own, copy] = strategy.replicas(net);
      for (const [index, weight] of own!.weights.entries()) {
        expect(Array.from(await copy!.weights[index]!.data())).toEqual(Array.from(await weight.data()));
      }
      expect([...net.parameters().values()].map(({ grad }) => grad)).toEqual([null, null, null, null]);
    });

    check("adopts changes between steps: assigned, frozen, trained on one device", async () => {
      const strategy = mirroredStrategy(devices);
      const net = strategy.scope(make);
      const optimizer = optimizers.sgd();
      const [x, y] = [random.normal([4, 3]), random.normal([4, 1])];
      await strategy.minimize(optimizer, meanError, net, [x, y]);
      net.weights[0]!.assign(3);
      net.layers[1]!.trainable = false;
      await optimizer.minimize(() => meanError(net, x, y), net);
      const [own, copy] = strategy.replicas(net);
      expect(await copy!.weights[0]!.array()).toEqual(await own!.weights[0]!.array());
      const frozen = await net.weights[2]!.array();
      const { grads } = await strategy.valueAndGrad(meanError, net, [x, y]);
      expect([...grads.keys()]).toEqual(["0/kernel", "0/bias"]);
      await strategy.minimize(optimizer, meanError, net, [x, y]);
      expect(await net.weights[2]!.array()).toEqual(frozen);
    });

    check("averages states by the shares of the batch, and draws equal constants everywhere", async () => {
      const strategy = mirroredStrategy(devices);
      const net = strategy.scope(() => sequential([new Watching(), dense(1)]));
      const x = tensor([[1], [2], [6]]);
      await strategy.minimize(optimizers.sgd(), meanError, net, [x, x]);
      await expectClose(net.weights[0]!, 3);
      await expectClose(strategy.replicas(net)[1]!.weights[0]!, 3);

      class Fixed extends Block {
        fixed = constant(random.uniform([3]));
        forward(input: Operand): Tensor {
          return input.mul(this.fixed);
        }
      }
      const [own, copy] = strategy.replicas(strategy.scope(() => new Fixed()));
      expect(await copy!.fixed.array()).toEqual(await own!.fixed.array());
      expect([own!.fixed.device, copy!.fixed.device]).toEqual(devices);
    });

    check("skips the last device if the batch is too small", async () => {
      const strategy = mirroredStrategy(devices);
      const net = strategy.scope(make);
      await strategy.minimize(optimizers.sgd(), meanError, net, [random.normal([1, 3]), random.normal([1, 1])]);
      const [own, copy] = strategy.replicas(net);
      expect(await copy!.weights[0]!.array()).toEqual(await own!.weights[0]!.array());
    });

    check("reports an invalid scope, batch or model", async () => {
      const shared = dense(1);
      const strategy = mirroredStrategy(devices);
      expect(() => mirroredStrategy([first, first])).toThrow(/expected a list of different devices/);
      expect(() => strategy.scope(() => sequential([shared]))).toThrow(/got one block on two devices/);
      const net = strategy.scope(make);
      const data = [random.normal([2, 3]), random.normal([3, 1])];
      await expect(strategy.valueAndGrad(meanError, net, data)).rejects.toThrow(/got \[2, 3\] and \[3, 1\]/);
      await expect(strategy.valueAndGrad(meanError, make(), data)).rejects.toThrow(/expected a model that scope\(\)/);
      net.call(data[0]!);
      strategy.replicas(net);
      net.add(dense(2));
      net.call(data[0]!);
      expect(() => strategy.replicas(net)).toThrow(/"2\/kernel" on the first alone/);
    });
  });
}

await openTestDevices();
if (testDevice === "CPU:0") {
  configureLogicalDevices("CPU", 2);
  mirroredSuite(["CPU:0", "CPU:1"]);
} else {
  configureLogicalDevices("GPU", 2);
  mirroredSuite(["GPU:0", "GPU:1"]);
  mirroredSuite(["GPU:0", "CPU:0"]);
}
