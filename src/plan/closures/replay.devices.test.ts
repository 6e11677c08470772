/** Tests of replayed functions on one device: the same results as functions whose JavaScript runs every time. */
import { beforeAll, describe, expect } from "vitest";
import {
  batchNorm,
  Block,
  compileFunction,
  dense,
  deviceInfo,
  keep,
  type Operand,
  optimizers,
  random,
  sequential,
  setSeed,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../index";
import { Parameter } from "../../tensor/parameter";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import { expectClose, onDevice } from "../../testing/onDevice";

/** Returns a replayed function and a count of its JavaScript calls. */
function counted<Args extends unknown[], R>(fn: (...args: Args) => R) {
  const calls = { count: 0 };
  const run = compileFunction(
    (...args: Args) => {
      calls.count++;
      return fn(...args);
    },
    { replay: true },
  );
  return { run, calls };
}

class Scaled extends Block {
  factor = 2;
  hidden = dense(2, { useBias: false });
  forward(x: Operand): Tensor {
    return this.hidden.call(x).mul(this.factor);
  }
}

class Remembers extends Block {
  last: Tensor | undefined;
  forward(x: Operand): Tensor {
    this.last = x.mul(2);
    return this.last.add(1);
  }
}

beforeAll(openTestDevices);

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);

describe("replayed functions", () => {
  check("are called once per signature, and return the same as the function", async () => {
    const fn = (
      x: Tensor,
      { scale, terms }: { scale: number; terms: readonly Tensor[] },
      names: Map<string, Tensor>,
    ) => {
      const sum = terms.reduce((all, term) => all.add(term), x.mul(scale));
      return { sum, list: [sum.mean(), x], scale, named: new Map([["last", names.get("a")!.neg()]]) };
    };
    const { run, calls } = counted(fn);
    const seen: number[] = [];
    for (const [size, scale, count] of [
      [3, 2, 1],
      [3, 2, 1],
      [3, 4, 1],
      [3, 2, 2],
      [5, 2, 1],
      [3, 4, 1],
      [5, 2, 1],
    ] as const) {
      const x = random.normal([size]);
      const options = { scale, terms: Array.from({ length: count }, () => random.normal([size])) };
      const names = new Map([["a", random.normal([2])]]);
      const got = await run(x, options, names);
      const expected = fn(x, options, names);
      await expectClose(got.sum, await expected.sum.array());
      await expectClose(got.list[0]!, await expected.list[0]!.array());
      await expectClose(got.named.get("last")!, await expected.named.get("last")!.array());
      expect([got.list[1], got.scale]).toEqual([x, scale]);
      expect(got.list[1]).toBe(x);
      seen.push(calls.count);
    }
    expect(seen).toEqual([1, 1, 2, 3, 4, 4, 4]);
  });

  check("distinguish signatures by dtype, shape, keys and functions", async () => {
    const { run, calls } = counted((given: { [name: string]: Tensor }, change: (x: Tensor) => Tensor) =>
      change(Object.values(given)[0]!),
    );
    const double = (x: Tensor) => x.mul(2);
    const x = tensor([1, 2]);
    for (const [given, change] of [
      [{ a: x }, double],
      [{ a: x }, (one: Tensor) => one.add(1)],
      [{ b: x }, double],
      [{ a: x.cast("int32") }, double],
      [{ a: x.reshape([2, 1]) }, double],
    ] as const) {
      await expectClose(await run(given, change), await change(Object.values(given)[0]!).array());
      await run(given, change);
    }
    expect(calls.count).toBe(5);
  });

  check("keep a bounded number of plans, the most recently used", async () => {
    const { run, calls } = counted((x: Tensor, factor: number) => x.mul(factor));
    const x = tensor([3]);
    for (let factor = 0; factor < 20; factor++) {
      expect(await (await run(x, factor)).array()).toEqual([3 * factor]);
      expect(await (await run(x, 0)).array()).toEqual([0]);
    }
    expect(calls.count).toBe(20);
    expect(await (await run(x, 1)).array()).toEqual([3]);
    expect(calls.count).toBe(21);
  });

  check("keep captured tensors and numbers, and read the current parameters", async () => {
    const net = dense(2, { useBias: false });
    const x = random.normal([4, 3]);
    net.build([null, 3]);
    const outside = random.normal([2]);
    let factor = 3;
    const { run, calls } = counted(() => net.call(x).add(outside).mul(factor));
    await run();
    const optimizer = optimizers.adam({ learningRate: 0.1 });
    for (let step = 0; step < 3; step++) {
      factor = step;
      await expectClose(await run(), await net.call(x).add(outside).mul(3).array());
      await optimizer.minimize(() => net.call(x).square().mean(), net);
      net.kernel.set([0, 0], step);
      await expectClose(await run(), await net.call(x).add(outside).mul(3).array());
    }
    // Training may have moved the kernel to another slot once.
    expect(calls.count).toBeLessThanOrEqual(2);
  });

  check("draw the same new numbers as the function; a fixed key draws the same every time", async () => {
    const key = random.key(11);
    const fn = (x: Tensor) => {
      const unused = random.uniform([3]);
      const [late, early] = [random.normal([3]), random.bernoulli([3], 0.5)];
      return [x.mul(early).add(late), random.uniform([2], 0, 1, { key }), unused.shape] as const;
    };
    const draws = async (run: (x: Tensor) => Promise<ReturnType<typeof fn>>) => {
      setSeed(4);
      const seen: unknown[] = [];
      for (let call = 0; call < 3; call++) {
        const [mixed, fixed] = await run(tensor([1, 2, 3]));
        seen.push(await mixed.array(), await fixed.array());
      }
      seen.push(await random.uniform([2]).array());
      return seen.flat();
    };
    const normally = await draws(compileFunction(fn));
    const { run, calls } = counted(fn);
    await run(tensor([0, 0, 0]));
    expect(await draws(run)).toEqual(normally);
    expect(calls.count).toBe(1);
  });

  check("repeat assignments to parameters", async () => {
    const net = sequential([batchNorm({ momentum: 0.5 })]);
    const x = random.normal([8, 3]);
    net.call(x);
    const start = await net.getWeights();
    const results: unknown[] = [];
    const fn = () => net.call(x, { training: true });
    for (const run of [compileFunction(fn), compileFunction(fn, { replay: true })]) {
      await net.setWeights(start);
      for (let call = 0; call < 4; call++) await run();
      results.push(await Promise.all(net.weights.map((weight) => weight.array())));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[0]).not.toEqual(await Promise.all(start.map((weight) => weight.array())));
  });

  check("are recorded again after a block got other fields or layers, or was frozen", async () => {
    const block = new Scaled();
    const x = random.normal([2, 3]);
    const { run, calls } = counted((input: Tensor) => block.call(input));
    const same = async () => expectClose(await run(x), await block.call(x).array());
    await same();
    await same();
    expect(calls.count).toBe(1);
    block.factor = 5;
    await same();
    block.hidden = dense(2, { useBias: false });
    await same();
    await same();
    expect(calls.count).toBe(3);

    const list = sequential([dense(3)]);
    const whole = counted(() => list.call(x));
    await whole.run();
    list.add(dense(4));
    expect((await whole.run()).shape).toEqual([2, 4]);
    list.trainable = false;
    await expectClose(await whole.run(), await list.call(x).array());
    expect(whole.calls.count).toBe(3);
  });

  check("distinguish equal arguments from different ones, and from a captured tensor", async () => {
    const [a, b] = [tensor([1, 2]), tensor([10, 20])];
    const { run, calls } = counted((x: Tensor, y: Tensor) => x.mul(100).add(y).sub(a));
    expect(await (await run(a, a)).array()).toEqual([100, 200]);
    expect(await (await run(b, a)).array()).toEqual([1000, 2000]);
    expect(await (await run(a, b)).array()).toEqual([109, 218]);
    expect(calls.count).toBe(1);
  });

  check("reject functions that a replay would not repeat, and say why", async () => {
    const x = tensor([1, 2]);
    const state = new Parameter("state", tensor([0]), { state: true });
    const refused = (fn: () => unknown, what: string) =>
      expect(compileFunction(fn, { replay: true })()).rejects.toThrow(
        `compileFunction(): expected a function that can be recorded once and replayed, got one that ${what}`,
      );
    await refused(async () => ((await x.sum().item()) > 0 ? x.mul(2) : x.neg()), "reads values");
    await refused(async () => x.mul((await x.data())[0]!), "reads values");
    await refused(() => {
      state.assign(3);
      return x.mul(2);
    }, "assigns values from outside to a parameter");
    await refused(() => random.permutation(4).add(1), "draws a permutation without a key");
    await refused(() => {
      keep(x.mul(3));
      return x.mul(2);
    }, "stores tensors that it computes");
    const remembers = new Remembers();
    await refused(() => remembers.call(x), "stores tensors that it computes, with keep() or in a field of a block");
    await expect(compileFunction(() => 1, { replay: true })()).rejects.toThrow(
      "compileFunction(): expected a function that returns tensors, got number",
    );
    expect(() => compileFunction(() => x, { replays: true } as object)).toThrow(
      "compileFunction(): expected options replay, got replays. Did you mean `replay`?",
    );
    const held = tensor([5, 6]);
    const holds = compileFunction(() => held.mul(2), { replay: true });
    expect(await (await holds()).array()).toEqual([10, 12]);
    held.dispose();
    await expect(holds()).rejects.toThrow("Tensor [2]: expected a live tensor, got one that dispose() freed.");
    await expect(compileFunction(() => x.add(1), { replay: true })()).resolves.toMatchObject({ shape: [2] });
  });

  check("wait for an open closure, and cannot be called inside another", async () => {
    const x = tensor([1, 2]);
    const { run, calls } = counted((given: Tensor) => given.mul(2));
    const both = await Promise.all([run(x), run(tensor([3, 4]))]);
    expect(await Promise.all(both.map((one) => one.array()))).toEqual([
      [2, 4],
      [6, 8],
    ]);
    await run(x);
    const before = calls.count;
    let open = true;
    const around = valueAndGrad(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      open = false;
      return x.sum();
    }, [x]);
    const late = run(x).then((result) => ({ result, open }));
    await around;
    expect((await late).open).toBe(false);
    expect(await (await late).result.array()).toEqual([2, 4]);
    expect(calls.count).toBe(before);
    const inside: Promise<Tensor>[] = [];
    await valueAndGrad(() => {
      // Long enough that the call is due to yield.
      for (const end = performance.now() + 30; performance.now() < end;);
      inside.push(run(x));
      inside[0]!.catch(() => undefined);
      return x.sum();
    }, [x]);
    await expect(inside[0]).rejects.toThrow("compileFunction(): expected a call outside other closures");
  });

  check("use no more memory after many runs than after a few", async () => {
    const net = dense(4);
    const { run } = counted((x: Tensor) => net.call(x).relu());
    const step = async () => {
      const x = random.normal([2, 3]);
      const y = await run(x);
      await y.data();
      y.dispose();
      x.dispose();
    };
    for (let call = 0; call < 10; call++) await step();
    const held = () => ({ bytes: deviceInfo(device).bytesInUse, buffers: deviceInfo(device).buffers });
    const before = held();
    for (let call = 0; call < 100; call++) await step();
    const after = held();
    expect(after.bytes).toBeLessThanOrEqual(before.bytes);
    expect(after.buffers).toBeLessThanOrEqual(before.buffers);
  });
});
