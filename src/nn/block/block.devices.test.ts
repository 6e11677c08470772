/** Tests of blocks on one device: layers, building, paths, parameters. */
import { describe, expect } from "vitest";
import { keyOf } from "../../base/randomKeys";
import {
  activation,
  arange,
  Block,
  constant,
  deviceInfo,
  dense,
  dropout,
  flatten,
  initializers,
  losses,
  type Operand,
  ones,
  type Parameter,
  random,
  sequential,
  setSeed,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from "../../index";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import golden from "../../testing/golden/nn.json";
import { expectClose, Mlp, onDevice } from "../../testing/onDevice";

class FixedHidden extends Block {
  flat = flatten();
  fixed = constant(random.uniform([20, 20]));
  dense = dense(20, { activation: "relu" });
  async forward(inputs: Operand): Promise<Tensor> {
    let x = this.flat.call(inputs).matmul(this.fixed).add(1).relu();
    x = this.dense.call(x);
    x = this.dense.call(x);
    while ((await x.abs().sum().item()) > 1) x = x.div(2);
    return x.sum();
  }
}

await openTestDevices();

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);
const bytes = () => deviceInfo(device).bytesInUse;

describe("layers", () => {
  check("dense matches PyTorch, forward and backward", async () => {
    const { x, kernel, bias, target, y, loss, gradients } = golden.dense;
    const layer = dense(5, { activation: "relu" });
    layer.build([null, 4]);
    await layer.setWeights([kernel, bias]);
    const input = tensor(x);
    await expectClose(layer.call(input), y);
    const { value, grads } = await valueAndGrad(
      () => losses.meanSquaredError(tensor(target), layer.call(input)),
      [input, layer.kernel, layer.bias],
    );
    await expectClose(value, loss);
    await expectClose(grads[0]!, gradients.x);
    await expectClose(grads[1]!, gradients.kernel);
    await expectClose(grads[2]!, gradients.bias);
  });

  check("losses match PyTorch in value and gradient", async () => {
    const { logits, target, labels, soft, values, gradients } = golden.losses;
    const yPred = tensor(logits);
    const y = tensor(labels, { dtype: "int32" });
    const cases = {
      meanSquaredError: () => losses.meanSquaredError(tensor(target), yPred),
      sparseCategoricalCrossentropy: () => losses.sparseCategoricalCrossentropy(y, yPred, { fromLogits: true }),
      categoricalCrossentropy: () => losses.categoricalCrossentropy(tensor(soft), yPred, { fromLogits: true }),
    };
    for (const [name, loss] of Object.entries(cases) as [keyof typeof cases, () => Tensor][]) {
      const { value, grads } = await valueAndGrad(loss, [yPred]);
      expect(value.shape).toEqual([]);
      await expectClose(value, values[name]);
      await expectClose(grads[0]!, gradients[name]);
    }
  });

  check("cross-entropies of probabilities agree with those of logits", async () => {
    const { logits, labels, soft, values } = golden.losses;
    const probabilities = tensor(logits).softmax();
    const y = tensor(labels, { dtype: "int32" });
    await expectClose(losses.sparseCategoricalCrossentropy(y, probabilities), values.sparseCategoricalCrossentropy);
    await expectClose(losses.categoricalCrossentropy(tensor(soft), probabilities), values.categoricalCrossentropy);
  });

  check("a loss of two shapes is rejected, not broadcast", async () => {
    expect(() => losses.meanSquaredError(ones([4]), ones([4, 1]))).toThrow(
      "meanSquaredError(): expected yTrue [4, 1], got [4].",
    );
    expect(() => losses.sparseCategoricalCrossentropy(arange(3), ones([4, 10]))).toThrow("expected yTrue [4], got [3]");
  });

  check("flatten keeps the batch and joins the rest", async () => {
    expect(flatten().call(zeros([2, 3, 4])).shape).toEqual([2, 12]);
    expect(flatten().call(zeros([5])).shape).toEqual([5, 1]);
  });

  check("activation applies its function", async () => {
    expect(
      await activation("relu")
        .call(tensor([-1, 2]))
        .array(),
    ).toEqual([0, 2]);
    await expectClose(activation("sigmoid").call(tensor([0])), [0.5]);
    expect(() => activation("rellu" as "relu")).toThrow("expected an activation: linear, relu");
  });

  check("dropout drops only in training, and preserves the mean", async () => {
    const layer = sequential([dropout(0.25)]);
    const x = ones([100, 100]);
    expect(await layer.call(x).equal(x).cast("int32").min().item()).toBe(1);
    const y = layer.call(x, { training: true });
    const data = Array.from(await y.data());
    expect([...new Set(data)].toSorted((a, b) => a - b)).toEqual([0, Math.fround(1 / 0.75)]);
    expect(data.filter((value) => value === 0).length / data.length).toBeCloseTo(0.25, 1);
    expect(Math.abs((await y.mean().item()) - 1)).toBeLessThan(0.03);
  });
});

describe("deferred building", () => {
  check("a net has no weights before its first input, and all of them after", async () => {
    const net = sequential([dense(256, { activation: "relu" }), dense(10)]);
    expect(net.layers.map((layer) => layer.weights)).toEqual([[], []]);
    expect(net.built).toBe(false);
    await expect(net.getWeights()).rejects.toThrow("Call it once on an input, or build([null, 20]).");
    const y = net.call(random.uniform([2, 20]));
    expect(y.shape).toEqual([2, 10]);
    expect(y.device).toBe(device);
    expect((await net.getWeights()).map(({ shape, device: place }) => [shape, place])).toEqual([
      [[20, 256], "CPU:0"],
      [[256], "CPU:0"],
      [[256, 10], "CPU:0"],
      [[10], "CPU:0"],
    ]);
    expect(net.inputShape).toEqual([null, 20]);
    expect(net.lastOutputShape).toEqual([null, 10]);
  });

  check("build creates weights without an input", async () => {
    const net = sequential([dense(4), dense(2)]);
    net.build([null, 3]);
    expect(net.weights.map(({ path, shape }) => [path, shape])).toEqual([
      ["0/kernel", [3, 4]],
      ["0/bias", [4]],
      ["1/kernel", [4, 2]],
      ["1/bias", [2]],
    ]);
  });

  check("an error for an input of another width names the layer and both shapes, and changes nothing", async () => {
    const net = sequential([dense(4, { name: "head" }), dense(2)]);
    net.call(ones([1, 3]));
    const before = await Promise.all(net.weights.map((weight) => weight.array()));
    expect(() => net.call(ones([1, 5]))).toThrow('Dense "head": expected input [batch, 3], got [1, 5].');
    expect(() => net.call(ones([2, 1, 5]))).toThrow("got [2, 1, 5]");
    expect(await Promise.all(net.weights.map((weight) => weight.array()))).toEqual(before);
    const images = sequential([dense(4)]);
    images.build([null, 64]);
    expect(() => images.call(ones([2, 8, 8, 1]))).toThrow(
      'Dense "0": expected input [batch, 64], got [2, 8, 8, 1]. Add flatten() before it.',
    );
  });

  check("a failed call keeps the shapes of the previous one", async () => {
    const net = sequential([flatten(), dense(2)]);
    net.call(ones([4, 6]));
    expect(() => net.call(ones([2, 5]))).toThrow("expected input [batch, 6]");
    expect(net.layers.map(({ inputShape, lastOutputShape }) => [inputShape, lastOutputShape])).toEqual([
      [
        [null, 6],
        [null, 6],
      ],
      [
        [null, 6],
        [null, 2],
      ],
    ]);
  });

  check("a failed build leaves the net unbuilt", async () => {
    class Fails extends Block {
      first = dense(2);
      forward(x: Operand): Tensor {
        return this.first.call(x).matmul(ones([7, 7]));
      }
    }
    const net = new Fails();
    const x = ones([1, 3]);
    const before = bytes();
    expect(() => net.call(x)).toThrow("matmul");
    expect([net.built, net.weights]).toEqual([false, []]);
    expect(bytes()).toBe(before);
  });
});

describe("paths and sharing", () => {
  check("paths are field names, indices and given names", async () => {
    class Named extends Block {
      parts = [dense(1), dense(1, { name: "two" })];
      more = new Map([["a", dense(1)]]);
      table = { inner: sequential([dense(1)]) };
      forward(x: Operand): Tensor {
        return this.table.inner.call(this.more.get("a")!.call(this.parts[1]!.call(this.parts[0]!.call(x))));
      }
    }
    const net = new Named();
    net.call(ones([1, 1]));
    const kernels = [...net.parameters().keys()].filter((path) => path.endsWith("kernel"));
    expect(kernels).toEqual(["parts/0/kernel", "parts/two/kernel", "more/a/kernel", "table/inner/0/kernel"]);
    expect(net.weights.map((weight) => weight.path)).toEqual([...net.parameters().keys()]);
  });

  check("the nested model of the chapter has 85 parameters", async () => {
    const block = (name: string) => sequential([flatten(), dense(4, { activation: "relu" })], { name });
    const blocks = sequential();
    for (let i = 0; i < 4; i++) blocks.add(block(`block-${i}`));
    const net = sequential([blocks, dense(1)]);
    net.call(random.uniform([2, 4]));
    expect(net.summary().totals).toEqual({ total: 85, trainable: 85, frozen: 0 });
    expect(net.layers[0]!.layers[1]!.layers[1]!.weights[1]!.path).toBe("0/block-1/1/bias");
    expect(net.summary().toString()).toContain("block-3");
  });

  check("a shared layer is listed, counted and updated once, its gradient summed", async () => {
    const shared = dense(4);
    const net = sequential([flatten(), shared, shared, dense(1)]);
    const x = random.uniform([2, 4]);
    net.call(x);
    expect(net.layers.length).toBe(3);
    expect([...net.parameters().keys()]).toEqual(["1/kernel", "1/bias", "3/kernel", "3/bias"]);
    const [kernel, bias] = [await shared.kernel.array(), await shared.bias.array()];
    const twins = sequential([flatten(), dense(4), dense(4), dense(1)]);
    twins.build([null, 4]);
    await twins.setWeights([kernel, bias, kernel, bias, net.weights[2]!, net.weights[3]!]);
    const { grads } = await valueAndGrad(() => net.call(x).sum(), net);
    const separate = (await valueAndGrad(() => twins.call(x).sum(), twins)).grads;
    const summed = separate.get("1/kernel")!.add(separate.get("2/kernel")!);
    await expectClose(grads.get("1/kernel")!, await summed.array());
  });

  check("names with a slash, and equal siblings, are errors", async () => {
    expect(() => dense(1, { name: "a/b" })).toThrow('expected a name without "/"');
    expect(() => sequential([dense(1, { name: "a" }), dense(1, { name: "a" })]).call(ones([1, 1]))).toThrow(
      'two named "a"',
    );
  });

  check("a weight without an initializer is drawn like a dense layer's kernel", async () => {
    class Plain extends Block {
      override build(): void {
        this.weight = this.addWeight("weight", [3, 5]);
      }
      forward(x: Tensor): Tensor {
        return x.matmul(this.weight);
      }
    }
    const block = new Plain();
    block.call(ones([2, 3]));
    expect(await block.weights[0]!.array()).toHaveLength(3);
    expect(block.origins.get(block.weights[0]!)!.initializer.config).toEqual({ kind: "glorotUniform", fields: {} });
  });

  check("a custom class adds weights, and chains blocks that it appended", async () => {
    class MyDense extends Block {
      constructor(public units: number) {
        super();
      }
      override build(inputShape: readonly (number | null)[]): void {
        this.weight = this.addWeight("weight", [inputShape.at(-1)!, this.units], {
          initializer: initializers.randomNormal(),
        });
        this.bias = this.addWeight("bias", [this.units], { initializer: initializers.zeros() });
      }
      forward(x: Operand): Tensor {
        return x.matmul(this.weight).add(this.bias).relu();
      }
    }
    class MySequential extends Block {
      modules: Block[] = [];
      constructor(...blocks: Block[]) {
        super();
        for (const block of blocks) this.modules.push(block);
      }
      forward(x: Operand): Tensor {
        return this.modules.reduce((input: Operand, block) => block.call(input), x) as Tensor;
      }
    }
    const net = new MySequential(new MyDense(8), new MyDense(1));
    expect(net.call(random.uniform([2, 64])).shape).toEqual([2, 1]);
    expect([...net.parameters().keys()]).toEqual([
      "modules/0/weight",
      "modules/0/bias",
      "modules/1/weight",
      "modules/1/bias",
    ]);
  });

  check("control flow that awaits values works, also inside sequential and in a gradient", async () => {
    const net = new FixedHidden();
    const y = await net.call(random.uniform([2, 20]));
    expect([y.shape, Math.abs(await y.item()) <= 1]).toEqual([[], true]);
    const chimera = sequential([sequential([dense(64, { activation: "relu" }), dense(20)]), new FixedHidden()]);
    const promise: unknown = chimera.call(random.uniform([2, 20]));
    expect(promise).toBeInstanceOf(Promise);
    expect((await (promise as Promise<Tensor>)).shape).toEqual([]);
    expect([...chimera.parameters().keys()]).toEqual([
      "0/0/kernel",
      "0/0/bias",
      "0/1/kernel",
      "0/1/bias",
      "1/dense/kernel",
      "1/dense/bias",
    ]);
    const { grads } = await valueAndGrad(() => chimera.call(random.uniform([2, 20])), chimera);
    expect(grads.size).toBe(6);
  });
});

describe("parameters", () => {
  check("a block may have members with any names that the library does not document", async () => {
    class Own extends Block {
      layer = dense(1, { kernelInitializer: initializers.ones() });
      ready = "ready";
      frozen = "frozen";
      segment = "segment";
      draw(x: Operand): Tensor {
        return this.layer.call(x);
      }
      adopt = (x: Operand) => this.draw(x);
      forward(x: Operand): Tensor {
        return this.adopt(x);
      }
    }
    const net = sequential([new Own()]);
    expect(await net.call(tensor([[1, 2]])).array()).toEqual([[3]]);
    net.trainable = false;
    net.initialize();
    const own = net.layers[0] as Own;
    expect([net.trainable, own.ready, own.frozen, own.segment]).toEqual([false, "ready", "frozen", "segment"]);
    expect([...net.parameters().keys()]).toEqual(["0/layer/kernel", "0/layer/bias"]);
  });

  check("assign and set replace values, and leave tensors taken earlier unchanged", async () => {
    const layer = dense(2, { kernelInitializer: initializers.constant(1) });
    layer.build([null, 2]);
    const kernel: Parameter = layer.kernel;
    const taken = kernel.value;
    kernel.assign(kernel.add(1));
    kernel.set([0, 0], 42);
    kernel.set([-1, -1], 7);
    expect(await kernel.array()).toEqual([
      [42, 2],
      [2, 7],
    ]);
    expect(await taken.array()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    kernel.assign(5);
    expect(await kernel.array()).toEqual([
      [5, 5],
      [5, 5],
    ]);
    expect(() => kernel.assign([1, 2])).toThrow("expected [2, 2], got [2]");
    expect(() => kernel.set([2, 0], 1)).toThrow("expected an index from -2 to 1, got 2");
    expect(await kernel.array()).toEqual([
      [5, 5],
      [5, 5],
    ]);
  });

  check("disposing of an assigned tensor leaves the parameter intact", async () => {
    const layer = dense(1, { useBias: false });
    layer.build([null, 1]);
    const given = tensor([[3]]);
    layer.kernel.assign(given);
    given.dispose();
    expect(await layer.kernel.array()).toEqual([[3]]);
  });

  check("a weight tracks whether it still has its initial values", async () => {
    const layer = dense(2);
    layer.build([null, 2]);
    const kernel: Parameter = layer.kernel;
    const seen = [kernel.untouched];
    kernel.set([0, 0], 1);
    seen.push(kernel.untouched);
    layer.initialize();
    seen.push(kernel.untouched);
    expect(seen).toEqual([true, false, true]);
  });

  check("setWeights is all or nothing", async () => {
    const layer = dense(2);
    layer.build([null, 2]);
    const before = await layer.kernel.array();
    await expect(layer.setWeights([zeros([2, 2]), zeros([3])])).rejects.toThrow("expected [2], got [3]");
    await expect(layer.setWeights([zeros([2, 2])])).rejects.toThrow("expected 2 values, got 1");
    expect(await layer.kernel.array()).toEqual(before);
  });

  check("initialize restores the first values, and draws others from a key", async () => {
    const net = sequential([dense(4), dense(2)]);
    net.call(ones([1, 3]));
    const first = await Promise.all(net.weights.map((weight) => weight.array()));
    net.weights[0]!.assign(0);
    net.initialize();
    expect(await Promise.all(net.weights.map((weight) => weight.array()))).toEqual(first);
    net.initialize(undefined, { key: keyOf(5) });
    const other = await net.weights[0]!.array();
    expect(other).not.toEqual(first[0]);
    net.initialize();
    expect(await net.weights[0]!.array()).toEqual(other);
  });

  check("the same seed gives the same weights; two nets differ", async () => {
    const kernel = async () => {
      const net = dense(3);
      net.build([null, 2]);
      return net.kernel.array();
    };
    setSeed(42);
    const [first, second] = [await kernel(), await kernel()];
    setSeed(42);
    expect(await kernel()).toEqual(first);
    expect(second).not.toEqual(first);
  });

  check("orthogonal is the factor Q of a normal draw, with a positive diagonal in R", async () => {
    const key = random.key(7);
    for (const shape of [
      [1, 1],
      [4, 4],
      [3, 7],
      [40, 33],
      [70, 192],
      [2, 2, 3, 8],
    ]) {
      const columns = shape.at(-1)!;
      const size = shape.reduce((product, length) => product * length, 1);
      const [rows, few] = [Math.max(size / columns, columns), Math.min(size / columns, columns)];
      const drawn = random.normal([rows, few], 0, 1, { key });
      const kernel = initializers.orthogonal({ gain: 2 })(shape, { key, dtype: "float32" }).div(2);
      const matrix = kernel.reshape([size / columns, columns]);
      const q = size / columns < columns ? matrix.transpose() : matrix;
      const r = q.transpose().matmul(drawn);
      const identity = arange(few).reshape([few, 1]).equal(arange(few)).cast("float32");
      const above = arange(few).reshape([few, 1]).lessEqual(arange(few)).cast("float32");
      await expectClose(q.transpose().matmul(q), await identity.array(), 1e-5);
      await expectClose(r, await r.mul(above).array(), 1e-5);
      expect(await r.mul(identity).sum(1).min().item()).toBeGreaterThan(0);
      await expectClose(q.matmul(r), await drawn.array(), 1e-5);
    }
  });

  check("initialize and apply wait for the build", async () => {
    const net = sequential([dense(2), dense(2)]);
    net.initialize(initializers.constant(3));
    net.apply((path) => (path === "1/kernel" ? initializers.constant(9) : undefined));
    net.call(ones([1, 2]));
    expect(await Promise.all(net.weights.map((weight) => weight.array()))).toEqual([
      [
        [3, 3],
        [3, 3],
      ],
      [3, 3],
      [
        [9, 9],
        [9, 9],
      ],
      [3, 3],
    ]);
  });

  check("to() moves a net with its constants", async () => {
    const net = new Mlp();
    net.extra = constant(ones([1]));
    net.call(ones([1, 2]));
    net.to("CPU:0");
    expect(new Set([...net.weights, net.extra].map((value: Operand) => value.device))).toEqual(new Set(["CPU:0"]));
    expect(net.call(ones([1, 2], { device: "CPU:0" })).device).toBe("CPU:0");
  });
});
