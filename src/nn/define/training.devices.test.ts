/** Tests of losses, gradients, optimizers and memory on one device. */
import { describe, expect } from "vitest";
import {
  Block,
  deviceInfo,
  dense,
  dropout,
  initializers,
  losses,
  type Operand,
  ones,
  optimizers,
  random,
  sequential,
  type Tensor,
  tensor,
  tidy,
  valueAndGrad,
} from "../../index";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import golden from "../../testing/golden/nn.json";
import { expectClose, Mlp, onDevice } from "../../testing/onDevice";

type Weights = Record<string, number[] | number[][]>;

await openTestDevices();

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);
const bytes = () => deviceInfo(device).bytesInUse;

describe("training", () => {
  for (const name of ["sgd", "momentum", "nesterov", "adam"] as const) {
    check(`${name} follows PyTorch over 100 steps`, async () => {
      const { x, y, first, runs } = golden.training;
      const made = {
        sgd: () => optimizers.sgd({ learningRate: 0.1 }),
        momentum: () => optimizers.sgd({ learningRate: 0.05, momentum: 0.9 }),
        nesterov: () => optimizers.sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
        adam: () => optimizers.adam({ learningRate: 0.01, epsilon: 1e-12 }),
      };
      const net = sequential([dense(8, { activation: "relu" }), dense(3)]);
      net.build([null, 4]);
      await net.setWeights(Object.values(first as Weights));
      const optimizer = made[name]();
      const input = tensor(x);
      const labels = tensor(y, { dtype: "int32" });
      const history: Tensor[] = [];
      for (let step = 0; step < 100; step++) {
        history.push(
          await optimizer.minimize(
            () => losses.sparseCategoricalCrossentropy(labels, net.call(input), { fromLogits: true }),
            net,
          ),
        );
      }
      for (const step of [0, 1, 10, 99]) await expectClose(history[step]!, runs[name].losses[step], 2e-4);
      const last = runs[name].weights as Weights;
      for (const [path, parameter] of net.parameters()) await expectClose(parameter, last[path], 2e-3);
    });
  }

  check("2,000 steps without dispose use no more bytes and buffers than 300", async () => {
    const net = sequential([dense(8, { activation: "relu" }), dropout(0.1), dense(4)]);
    const x = random.normal([16, 4]);
    const y = random.integers([16], 0, 4);
    const optimizer = optimizers.adam();
    const loss = () => losses.sparseCategoricalCrossentropy(y, net.call(x), { fromLogits: true });
    const held = () => ({ bytes: bytes(), buffers: deviceInfo(device).buffers });
    for (let step = 0; step < 300; step++) await optimizer.minimize(loss, net);
    const after300 = held();
    const seen: Tensor[] = [];
    for (let step = 300; step < 2000; step++) seen.push(await optimizer.minimize(loss, net));
    // The counters may shrink when the garbage collector frees tensors of earlier tests.
    const after2000 = held();
    expect(after2000.bytes).toBeLessThanOrEqual(after300.bytes);
    expect(after2000.buffers).toBeLessThanOrEqual(after300.buffers);
    const [first, last] = [await seen[0]!.item(), await seen.at(-1)!.item()];
    expect([Number.isFinite(first), last < first]).toEqual([true, true]);
  });

  check("dropped tensors that were created outside closures are freed in a long loop", async () => {
    const x = ones([64, 4]);
    // The garbage collector decides when: a heap with room for more lets more pass.
    const steps = 200_000;
    let most = 0;
    let step = 0;
    for (; step < steps; step++) {
      const batch = x.slice([step % 32], [(step % 32) + 32]);
      if (step % 50 !== 0) continue;
      await batch.sum().data();
      const { buffers } = deviceInfo(device);
      if (buffers < most - 1000) break;
      most = Math.max(most, buffers);
    }
    expect(step).toBeLessThan(steps);
  });

  check("a loss whose device memory was freed can still be used", async () => {
    const x = tensor([[1, 2]]);
    const net = dense(1, { kernelInitializer: initializers.constant(1) });
    const history: Tensor[] = [];
    const optimizer = optimizers.sgd({ learningRate: 0 });
    for (let step = 0; step < 8; step++) history.push(await optimizer.minimize(() => net.call(x).sum(), net));
    expect(await history[0]!.add(history[7]!).item()).toBe(6);
    expect(await history[0]!.to("CPU:0").item()).toBe(3);
    history[1]!.dispose();
    await expect(history[1]!.data()).rejects.toThrow("that dispose() freed");
  });

  check("frozen parameters are unchanged and have no gradient; unused ones have zeros", async () => {
    const net = new Mlp();
    net.call(ones([1, 2]));
    net.hidden.trainable = false;
    const spare = dense(2, { name: "spare" });
    spare.build([null, 2]);
    net.spare = spare;
    const before = await net.hidden.kernel.array();
    const { grads } = await valueAndGrad(() => net.call(ones([1, 2])).sum(), net);
    expect([...grads.keys()]).toEqual(["out/kernel", "out/bias", "spare/kernel", "spare/bias"]);
    expect(await grads.get("spare/kernel")!.array()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    await optimizers.sgd().minimize(() => net.call(ones([1, 2])).sum(), net);
    expect(await net.hidden.kernel.array()).toEqual(before);
    expect(net.summary().totals).toEqual({ total: 57, trainable: 33, frozen: 24 });
  });

  check("parameters keep gradients after valueAndGrad, not after minimize", async () => {
    const net = dense(1, { useBias: false, kernelInitializer: initializers.constant(2) });
    const loss = () => net.call(tensor([[3]])).sum();
    await valueAndGrad(loss, net);
    expect(await net.kernel.grad.array()).toEqual([[3]]);
    await optimizers.sgd({ learningRate: 0.5 }).minimize(loss, net);
    expect(net.kernel.grad).toBe(null);
    expect(await net.kernel.array()).toEqual([[0.5]]);
    await optimizers.sgd().minimize(loss, net, { keepGradients: true });
    expect(await net.kernel.grad.array()).toEqual([[3]]);
  });

  check("a closure inside a closure is an error; a concurrent one waits", async () => {
    const x = tensor(3);
    const square = () => x.mul(x);
    await expect(valueAndGrad(async () => (await valueAndGrad(square, [x])).value, [x])).rejects.toThrow(
      "expected a call outside other closures",
    );
    const slow = valueAndGrad(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return square();
    }, [x]);
    const second = valueAndGrad(square, [x]);
    expect(await (await slow).grads[0]!.item()).toBe(6);
    expect(await (await second).grads[0]!.item()).toBe(6);
  });

  check("a closure nested after an await is rejected rather than deadlocked", async () => {
    const x = tensor(3);
    const nested = valueAndGrad(async () => {
      await x.data();
      return (await valueAndGrad(() => x.mul(x), [x])).value;
    }, [x]);
    await expect(nested).rejects.toThrow("inside valueAndGrad()");
    expect(await (await valueAndGrad(() => x.mul(x), [x])).grads[0]!.item()).toBe(6);
  });

  check("a loss that is not a scalar is rejected", async () => {
    const x = ones([2]);
    await expect(valueAndGrad(() => x, [x])).rejects.toThrow(
      "expected a closure that returns a float32 tensor of size 1, got float32 [2]. Reduce the loss",
    );
  });

  check("tensors returned after the loss are returned to the caller, all others are freed", async () => {
    const x = ones([4]);
    let inner!: Tensor;
    const { value, rest, grads } = await valueAndGrad(() => {
      inner = x.mul(3);
      const y = inner.add(1);
      return [y.sum(), y];
    }, [x]);
    expect([await value.item(), await rest[0]!.array(), await grads[0]!.array()]).toEqual([
      16,
      [4, 4, 4, 4],
      [3, 3, 3, 3],
    ]);
    await expect(inner.data()).rejects.toThrow(
      "that valueAndGrad() freed. Return it from the closure, or keep it with keep(x).",
    );
  });
});

describe("memory", () => {
  check("a call frees the tensors of forward except its result", async () => {
    const net = new Mlp();
    const x = ones([4, 2]);
    net.call(x).dispose();
    const before = bytes();
    const y = net.call(x);
    expect(bytes() - before).toBe(y.bytes);
    y.dispose();
    expect(bytes()).toBe(before);
  });

  check("a tensor stored in a field outlives the call", async () => {
    class Remembers extends Block {
      forward(x: Operand): Tensor {
        this.last = x.mul(2);
        return this.last.add(1);
      }
    }
    const block = new Remembers();
    block.call(tensor([1, 2]));
    expect(await block.last.array()).toEqual([2, 4]);
  });

  check("tidy frees everything except its result, also when asynchronous", async () => {
    const x = ones([8]);
    const before = bytes();
    const { kept } = tidy(() => ({ kept: x.add(1).add(1), n: 1 }));
    expect(bytes() - before).toBe(kept.bytes);
    const later = await tidy(async () => {
      const sum = x.add(2);
      await sum.data();
      return [sum.mul(2)];
    });
    // Less if the garbage collector freed tensors of earlier tests.
    expect(bytes() - before).toBeLessThanOrEqual(kept.bytes + later[0]!.bytes);
    expect(await later[0]!.array()).toEqual(Array(8).fill(6));
  });

  check("two overlapping asynchronous tidy() calls do not free each other's results", async () => {
    const work = (n: number, ms: number) =>
      tidy(async () => {
        const a = ones([2]).mul(n);
        await new Promise((resolve) => setTimeout(resolve, ms));
        return a.add(1);
      });
    const [first, second] = await Promise.all([work(1, 5), work(2, 15)]);
    expect([await first.array(), await second.array()]).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });
});
