/** Tests of plans on one device: the same results as op by op, and again with other values. */
import fc from "fast-check";
import { describe, expect } from "vitest";
import {
  Block,
  compileFunction,
  dense,
  dropout,
  keep,
  type Operand,
  ones,
  optimizers,
  random,
  sequential,
  setSeed,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../index";
import { recordClosure } from "../plan/closures/closure";
import { observeSplits, type Split } from "../plan/closures/splits";
import { gradientsOrZeros } from "../plan/closures/valueAndGrad";
import type { Computation } from "../plan/run/computation";
import { rowsAt } from "../tensor/ops/rowsAt";
import { Parameter } from "../tensor/parameter";
import { closeScope, openScope } from "../tensor/scope";
import { expectClose, Mlp, onDevice } from "./onDevice";
import { closures } from "./planClosures";
import { randomProgram, randomShape } from "./randomPrograms";

/** Returns gradients computed op by op: a scope that closes computes the tensors that escape. */
function gradientsByOps(loss: () => Tensor, inputs: readonly Tensor[]): Tensor[] {
  const scope = openScope("a test", { recording: true });
  const gradients = gradientsOrZeros(loss(), inputs);
  closeScope(scope, gradients);
  return gradients;
}

class RunningMean extends Block {
  override build(inputShape: number[]): void {
    this.mean = this.addWeight("mean", inputShape.slice(1), { initializer: (given) => ones(given), trainable: false });
  }
  forward(x: Operand): Tensor {
    const before = this.mean.mul(1);
    this.mean.assign(this.mean.mul(0.5).add(x.mean(0).mul(0.5)));
    return x.mul(before).add(this.mean.mul(100));
  }
}

export function planSuite(device: string): void {
  const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);

  describe("plans", () => {
    for (const [name, loss] of Object.entries(closures)) {
      check(`${name}: a plan gives the same as op by op, with the values of each run`, async () => {
        for (let run = 0; run < 3; run++) {
          const x = random.normal([6, 8]);
          const w = random.normal([8, 5]);
          const { value, grads } = await valueAndGrad(() => loss(x, w), [x, w]);
          await expectClose(value, await loss(x, w).array(), 1e-5);
          const copies: [Tensor, Tensor] = [x.to("CPU:0"), w.to("CPU:0")];
          const onCpu = await valueAndGrad(() => loss(...copies), copies);
          for (const [index, gradient] of grads.entries())
            await expectClose(gradient, Array.from(await onCpu.grads[index]!.data()), 2e-5);
        }
      });
    }

    check("an index out of range gathers NaN, or 0 from integers, along every axis", async () => {
      const x = random.normal([4, 3]);
      const whole = x.mul(100).cast("int32");
      const indices = tensor([0, -1, 4, -5, 3, -4, 99], { dtype: "int32" });
      const of = () => [
        x.gather(indices),
        x.gather(indices, 1),
        whole.gather(indices),
        whole.gather(indices.reshape([7, 1])),
      ];
      const compiled = await compileFunction(of)();
      for (const [index, one] of of().entries()) {
        const [actual, expected] = await Promise.all([compiled[index]!.data(), one.data()]);
        expect([compiled[index]!.shape, ...actual]).toEqual([one.shape, ...expected]);
      }
    });

    check("numbers of the closure are those of each run", async () => {
      const x = tensor([1, 2, 3]);
      const seen: number[] = [];
      for (const factor of [2, 3, 4, 5])
        seen.push(await (await valueAndGrad(() => x.mul(factor).sum(), [x])).value.item());
      expect(seen).toEqual([12, 18, 24, 30]);
    });

    check("each run of a closure draws new numbers, the same as op by op", async () => {
      const x = ones([40]);
      const draw = async () => {
        const { rest } = await valueAndGrad(() => {
          const y = x
            .mul(random.uniform([40]))
            .mul(random.bernoulli([40], 0.5))
            .add(random.normal([40]));
          return [y.sum(), y];
        }, [x]);
        return rest[0]!.array();
      };
      setSeed(3);
      const first = [await draw(), await draw(), await draw()];
      setSeed(3);
      const byOps = [];
      for (let run = 0; run < 3; run++)
        byOps.push(
          await x
            .mul(random.uniform([40]))
            .mul(random.bernoulli([40], 0.5))
            .add(random.normal([40]))
            .array(),
        );
      expect(first.flat()).toEqual(byOps.flat().map((value) => expect.closeTo(value as number, 5)));
      expect(first[0]).not.toEqual(first[1]);
    });

    check("a state assigned inside is read with its new value, which takes effect at the end", async () => {
      const block = new RunningMean();
      const x = tensor([
        [1, 2],
        [3, 4],
      ]);
      const seen: unknown[] = [];
      block.build([1, 2]);
      for (let run = 0; run < 3; run++) {
        const { rest } = await valueAndGrad(() => {
          const y = block.call(x);
          return [y.sum(), y];
        }, [x]);
        seen.push([await rest[0]!.array(), await block.mean.array()]);
      }
      const expected = [1, 1].map(() => 1);
      for (const entry of seen) {
        const next = expected.map((mean, column) => 0.5 * mean + 0.5 * (2 + column));
        const y = [
          [1, 2],
          [3, 4],
        ].map((row) => row.map((value, column) => value * expected[column]! + 100 * next[column]!));
        expect(entry).toEqual([y, next]);
        expected.splice(0, 2, ...next);
      }
    });

    check("returned states have their previous values, and one value can be assigned to two states", async () => {
      const [a, b] = [tensor([1, 2]), tensor([3, 4])].map(
        (value, index) => new Parameter(`state${index}`, value, { state: true }),
      );
      for (let run = 0; run < 3; run++) {
        const before = [await a!.array(), await b!.array()];
        const { rest } = await valueAndGrad(() => {
          const taken = [a!.value, b!.mul(1)] as const;
          const sum = a!.add(b!).mul(0.5);
          a!.assign(sum);
          b!.assign(sum);
          return [sum.sum(), ...taken];
        }, []);
        expect(await Promise.all(rest.map((one) => one.array()))).toEqual(before);
        expect(await a!.array()).toEqual(await b!.array());
        b!.assign([run, 7]);
      }
    });

    check("an assignment in a failed closure changes nothing", async () => {
      const block = new RunningMean();
      block.build([1, 2]);
      const before = await block.mean.array();
      const failing = valueAndGrad(() => {
        block.call(ones([2, 2]));
        throw new Error("no loss");
      }, block);
      await expect(failing).rejects.toThrow("no loss");
      expect(await block.mean.array()).toEqual(before);
    });

    check("values taken from parameters stay unchanged while steps replace them in place", async () => {
      const net = new Mlp();
      const x = random.normal([16, 2]);
      net.call(x);
      const optimizer = optimizers.adam({ learningRate: 0.1 });
      const taken: [Tensor, unknown][] = [];
      for (let step = 0; step < 5; step++) {
        const { value } = net.hidden.kernel;
        const view = net.out.kernel.reshape([24]);
        taken.push([value, await value.array()], [view, await view.array()]);
        await optimizer.minimize(() => net.call(x).square().mean(), net);
      }
      for (const [value, then] of taken) expect(await value.array()).toEqual(then);
      expect(new Set(await Promise.all(taken.map(async ([value]) => JSON.stringify(await value.array())))).size).toBe(
        10,
      );
    });

    check("an input at the location of an earlier one is read again", async () => {
      const net = dense(1, { useBias: false });
      net.build([null, 1]);
      const x = tensor([[1]]);
      const optimizer = optimizers.sgd({ learningRate: 1 });
      const step = () => optimizer.minimize(() => net.call(x).sum(), net);
      const doubled = compileFunction((value: Tensor) => value.mul(2));
      net.kernel.assign([[5]]);
      await step();
      for (const value of [4, 3, 2, 1]) {
        // The parameter's slot still contains the value taken from it. The next step copies the taken value elsewhere
        // and replaces the contents.
        const taken = net.kernel.value;
        net.kernel.assign([[value]]);
        expect(await (await doubled(taken)).array()).toEqual([[2 * value]]);
        await step();
        expect(await taken.array()).toEqual([[value]]);
      }
    });

    check("the next step starts from parameters assigned between steps", async () => {
      const net = dense(1, { useBias: false });
      net.build([null, 1]);
      const x = tensor([[1]]);
      const optimizer = optimizers.sgd({ learningRate: 1 });
      const step = () => optimizer.minimize(() => net.call(x).sum(), net);
      for (const start of [5, 7, -2]) {
        net.kernel.assign([[start]]);
        await step();
        expect(await net.kernel.array()).toEqual([[start - 1]]);
        await step();
        expect(await net.kernel.array()).toEqual([[start - 2]]);
      }
    });

    check("a recorded step runs many times per call, each with its own rows, numbers and draws", async () => {
      const sum = new Parameter("sum", tensor([0, 0]), { state: true });
      const table = tensor([
        [1, 10],
        [2, 20],
        [3, 30],
        [4, 40],
      ]);
      const order = tensor([3, 1, 0, 2], { dtype: "int32" });
      const start = { value: 0 };
      const step = await recordClosure(
        "a test",
        false,
        () => {
          const rows = rowsAt(table, order, start, 2);
          sum.assign(sum.add(rows.sum(0)).add(random.uniform([2], 0, 0)));
          return rows.sum();
        },
        (loss): Computation => ({
          roots: [loss],
          key: "a test",
          targets: [],
          variables: [],
          numbers: [],
          extend: () => ({ outputs: [], updates: [] }),
        }),
      );
      const from = [0, 2, 0];
      step.run(3, (index) => {
        start.value = from[index]!;
        return [];
      });
      expect(await sum.array()).toEqual([16, 160]);
      step.run(1, () => []);
      expect(await sum.array()).toEqual([22, 220]);
    });

    check("a compiled function gives the same as its ops, for every shape", async () => {
      const normalise = compileFunction((x: Tensor, scale: number) => {
        const centered = x.sub(x.mean());
        return { centered, scaled: centered.mul(scale) };
      });
      for (const [size, scale] of [
        [3, 2],
        [3, 5],
        [7, 2],
        [3, 4],
      ] as const) {
        const x = random.normal([size]);
        const { centered, scaled } = await normalise(x, scale);
        const expected = x.sub(x.mean());
        await expectClose(centered, await expected.array());
        await expectClose(scaled, await expected.mul(scale).array());
      }
      await expect(compileFunction(() => 1)()).rejects.toThrow("expected a function that returns tensors, got number");
    });

    check(
      "a closure that awaits values is computed in parts, each by a plan, with the same gradients as op by op",
      async () => {
        const w = random.normal([4, 3]);
        const splits: Split[] = [];
        const stop = observeSplits((split) => splits.push(split));
        const forward = async (x: Tensor) => {
          let y = x.matmul(w).mul(2).tanh();
          while ((await y.abs().sum().item()) > 3) y = y.mul(0.7).sub(0.01);
          return y.reshape([-1]).square().mean();
        };
        for (let run = 0; run < 4; run++) {
          const x = random.normal([5, 4]);
          const { value, grads } = await valueAndGrad(() => forward(x), [w, x]);
          const scope = openScope("a test", { recording: true });
          const byOps = gradientsOrZeros(await forward(x), [w, x]);
          closeScope(scope, byOps);
          await expectClose(value, await (await forward(x)).item(), 1e-5);
          for (const [index, gradient] of grads.entries())
            await expectClose(gradient, Array.from(await byOps[index]!.data()), 1e-5);
        }
        stop();
        await valueAndGrad(() => forward(random.normal([5, 4])), [w]);
        expect(splits.map(({ name }) => name)).toEqual([
          "valueAndGrad()",
          "valueAndGrad()",
          "valueAndGrad()",
          "valueAndGrad()",
        ]);
        expect(splits.every(({ parts }) => parts > 2)).toBe(true);
        expect(splits[0]!.where.stack).toContain("planSuite");
      },
    );

    check("a closure in parts has the same parameters and draws, and values can be read twice", async () => {
      const net = sequential([dense(8, { activation: "tanh" }), dropout(0.5), dense(2)]);
      const x = random.normal([6, 3]);
      net.build([null, 3]);
      const plain = () => net.call(x).square().mean();
      const awaiting = async () => {
        const y = net.call(x);
        const [a, b] = await Promise.all([y.sum().item(), y.array()]);
        expect([Number.isFinite(a), await y.array()]).toEqual([true, b]);
        return y.square().mean();
      };
      const start = await net.getWeights();
      const trained: unknown[] = [];
      for (const loss of [plain, awaiting]) {
        await net.setWeights(start);
        setSeed(5);
        const optimizer = optimizers.adam({ learningRate: 0.1 });
        const seen: number[] = [];
        for (let step = 0; step < 4; step++) seen.push(await (await optimizer.minimize(loss, net)).item());
        trained.push([seen, await Promise.all(net.weights.map((weight) => weight.array()))]);
      }
      const flat = (value: unknown) => (value as unknown[]).flat(9) as number[];
      expect(flat(trained[1])).toEqual(flat(trained[0]).map((number) => expect.closeTo(number, 4)));
    });

    check("tensors passed to keep() are computed with the closure", async () => {
      const kept: Tensor[] = [];
      const double = compileFunction((x: Tensor) => {
        kept.push(keep(x.mul(2)));
        return x.add(1);
      });
      for (const value of [1, 2, 3]) await double(tensor([value]));
      expect(await Promise.all(kept.map((one) => one.array()))).toEqual([[2], [4], [6]]);
    });

    const isFull = Boolean(import.meta.env.WEIGHTROOM_FULL);
    onDevice(
      device,
      "random compositions of ops and their gradients are the same by plans and op by op",
      async () => {
        const numRuns = isFull ? 300 : device === "CPU:0" ? 60 : 6;
        const property = fc.asyncProperty(randomProgram, randomShape, randomShape, async (program, a, b) => {
          const compiled = compileFunction((...inputs: Tensor[]) => program(inputs));
          const loss = (inputs: Tensor[]) => program(inputs).reduce((sum, x) => sum.add(x.mean()), inputs[0]!.mean());
          for (let run = 0; run < 2; run++) {
            const inputs = [random.normal(a), random.normal(b)];
            const expected = program(inputs);
            const got = (await compiled(...inputs).catch(() => [])) as Tensor[];
            for (const [index, one] of got.entries())
              await expectClose(one, Array.from(await expected[index]!.data()), 1e-4);
            const { value, grads } = await valueAndGrad(() => loss(inputs), inputs);
            await expectClose(value, await loss(inputs).item(), 1e-4);
            const byOps = gradientsByOps(() => loss(inputs), inputs);
            for (const [index, gradient] of grads.entries())
              await expectClose(gradient, Array.from(await byOps[index]!.data()), 1e-4);
          }
        });
        await fc.assert(property, { numRuns, seed: 7, endOnFailure: isFull });
      },
      isFull ? 900_000 : undefined,
    );

    check("products of all block shapes, plain and transposed", async () => {
      const shapes = [
        [5, 7, 3],
        [33, 17, 70],
        [64, 40, 132],
        [128, 30, 256],
        [1, 50, 200],
        [200, 9, 10],
        [130, 64, 64],
      ] as const;
      for (const [rows, depth, columns] of shapes) {
        const [x, w] = [random.normal([rows, depth]), random.normal([depth, columns])];
        const by = random.normal([rows, columns]);
        const gradients = () => valueAndGrad(() => x.matmul(w).mul(by).sum(), [x, w]);
        await gradients();
        const { grads } = await gradients();
        const [cx, cw, cb] = [x, w, by].map((one) => one.to("CPU:0")) as [Tensor, Tensor, Tensor];
        const [byX, byW] = [cb.matmul(cw.transpose()), cx.transpose().matmul(cb)];
        await expectClose(grads[0]!, Array.from(await byX.data()), 1e-5);
        await expectClose(grads[1]!, Array.from(await byW.data()), 1e-5);
        const product = compileFunction(() => x.matmul(w));
        await product();
        await expectClose(await product(), Array.from(await cx.matmul(cw).data()), 1e-5);
      }
    });

    check("parameters that were trained separately can be trained together", async () => {
      const layers = Array.from({ length: 9 }, () => dense(3, { activation: "tanh" }));
      const x = random.normal([4, 3]);
      for (const layer of layers) {
        const own = optimizers.sgd();
        for (let step = 0; step < 2; step++) await own.minimize(() => layer.call(x).sum(), layer);
      }
      const net = sequential(layers);
      const all = optimizers.sgd({ learningRate: 0.1 });
      const loss = () => net.call(x).square().mean();
      const seen: number[] = [];
      for (let step = 0; step < 6; step++) {
        seen.push(await loss().item());
        expect(await (await all.minimize(loss, net)).item()).toBeCloseTo(seen.at(-1)!, 5);
      }
      expect(seen).toEqual(seen.toSorted((a, b) => b - a));
      // Training separately again starts from their current slots.
      const before = await layers[4]!.kernel.array();
      await optimizers.sgd().minimize(() => layers[4]!.call(x).sum(), layers[4]!);
      expect(await layers[4]!.kernel.array()).not.toEqual(before);
    });

    check("two models with the same graph keep separate weights", async () => {
      const nets = [0, 1].map(() => sequential([dense(3, { activation: "tanh" }), dropout(0.2), dense(1)]));
      const x = random.normal([8, 2]);
      const before = await Promise.all(nets.map((net) => net.call(x).array()));
      const optimizer = optimizers.adam();
      for (let step = 0; step < 6; step++)
        for (const net of nets) await optimizer.minimize(() => net.call(x).square().mean(), net);
      const after = await Promise.all(nets.map((net) => net.call(x).array()));
      expect(before[0]).not.toEqual(before[1]);
      expect(after[0]).not.toEqual(after[1]);
      expect(after[0]).not.toEqual(before[0]);
    });
  });
}
