/** Compares every layer with PyTorch, forward and backward, and tests its defaults, on one device. */
import { describe, expect } from "vitest";
import {
  arange,
  avgPool2d,
  type Block,
  batchNorm,
  conv2d,
  deviceInfo,
  embedding,
  initializers,
  lstm,
  multiHeadAttention,
  type Operand,
  ones,
  optimizers,
  random,
  sequential,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../index";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import golden from "../../testing/golden/layers.json";
import { expectClose, onDevice } from "../../testing/onDevice";
import * as blocks from "./index";

type Layer = keyof typeof blocks;

/** Nested arrays, as in the golden file. */
type Numbers = number | Numbers[];

interface LayerCase {
  layer: Layer;
  args: unknown[];
  training: boolean;
  inputs: Numbers[];
  /** Per input: true for integer inputs, which have no gradient. */
  whole: boolean[];
  weights: Numbers[];
  y: Numbers;
  factors: Numbers;
  gradients: Numbers[];
  states: Numbers[];
}

const cases = golden.cases as unknown as LayerCase[];

/** Layers that are tested elsewhere: random ones, and containers. */
const elsewhere = new Set(["dropout", "flatten", "sequential"]);

const makers = new Map(Object.entries(blocks) as [Layer, (...given: unknown[]) => Block][]);

function make(layer: Layer, args: readonly unknown[] = []): Block {
  return makers.get(layer)!(...args);
}

async function checkCase({ layer, args, training, whole, weights, ...golden1 }: LayerCase): Promise<void> {
  const block = make(layer, args);
  const inputs = golden1.inputs.map((x, i) => tensor(x, { dtype: whole[i] ? "int32" : "float32" }));
  block.call(...inputs);
  const states = block.weights.filter(({ state }) => state);
  const given = block.weights.slice(0, weights.length);
  for (const [index, weight] of given.entries()) weight.assign(weights[index]!);
  const expected = block.outputShape?.(inputs[0]!.shape);
  const factors = tensor(golden1.factors);
  const targets: Operand[] = [...inputs.filter((_, i) => !whole[i]), ...given.filter(({ state }) => !state)];
  const { rest, grads } = await valueAndGrad(
    () => {
      const y: Tensor = block.call(...inputs);
      return [y.mul(factors).sum(), y];
    },
    targets,
    { training },
  );
  expect(rest[0]!.shape).toEqual(expected ?? rest[0]!.shape);
  await expectClose(rest[0]!, golden1.y);
  expect(grads.length).toBe(golden1.gradients.length);
  // Some gradients are exactly 0, such as that of a key's bias. What remains of them is the rounding of terms as large
  // as those of the others.
  const least = Math.max(1e-3, ...(golden1.gradients.flat(8) as number[]).map((value) => Math.abs(value) / 10));
  for (const [index, gradient] of grads.entries()) await expectClose(gradient, golden1.gradients[index], 3e-5, least);
  for (const [index, state] of golden1.states.entries()) await expectClose(states[index]!, state);
}

/** Returns paths, shapes and, unless random, the values of a layer's weights. */
async function weightsOf(block: Block, inputShape: readonly number[]): Promise<unknown[]> {
  block.build(inputShape);
  return Promise.all(
    block.weights.map(async (weight) => {
      const values = new Set(Array.from(await weight.data(), Number));
      return [weight.path, weight.shape, values.size > 4 ? "drawn" : [...values].join(" ")];
    }),
  );
}

await openTestDevices();

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);

describe("layers against PyTorch", () => {
  for (const layer of new Set(cases.map((entry) => entry.layer))) {
    check(`${layer} matches in result and gradients`, async () => {
      for (const entry of cases) if (entry.layer === layer) await checkCase(entry);
    });
  }

  check("every layer has a case, and its info describes its arguments", async () => {
    const known = new Set<string>(cases.map(({ layer }) => layer));
    const names = Object.keys(blocks).filter((name) => !elsewhere.has(name));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    for (const [name, { info }] of Object.entries(blocks)) {
      expect(info.kind).toBe(name);
      const positional = info.fields.map((field) => field.positional === true);
      expect(positional, name).toEqual(positional.toSorted((a, b) => Number(b) - Number(a)));
      expect(
        info.fields.every((field) => field.default !== undefined && field.title.zh !== ""),
        name,
      ).toBe(true);
      expect(info.fields.filter((field) => field.name === "name").length, name).toBe(1);
    }
  });
});

describe("initial weights of layers", () => {
  check("have Keras's names, shapes, order and initial values", async () => {
    const first: [Block, number[], unknown[]][] = [
      [
        conv2d(7, [3, 2]),
        [1, 5, 5, 4],
        [
          ["kernel", [3, 2, 4, 7], "drawn"],
          ["bias", [7], "0"],
        ],
      ],
      [
        make("depthwiseConv2d", [3, { depthMultiplier: 2 }]),
        [1, 5, 5, 4],
        [
          ["kernel", [3, 3, 4, 2], "drawn"],
          ["bias", [8], "0"],
        ],
      ],
      [
        batchNorm(),
        [1, 8],
        [
          ["gamma", [8], "1"],
          ["beta", [8], "0"],
          ["movingMean", [8], "0"],
          ["movingVariance", [8], "1"],
        ],
      ],
      [
        make("layerNorm"),
        [1, 8],
        [
          ["gamma", [8], "1"],
          ["beta", [8], "0"],
        ],
      ],
      [embedding(9, 2), [1, 3], [["embeddings", [9, 2], "drawn"]]],
      [make("prelu"), [1, 3, 2], [["alpha", [3, 2], "0"]]],
      [
        make("simpleRnn", [5]),
        [1, 2, 3],
        [
          ["kernel", [3, 5], "drawn"],
          ["recurrentKernel", [5, 5], "drawn"],
          ["bias", [5], "0"],
        ],
      ],
      [
        make("gru", [5]),
        [1, 2, 3],
        [
          ["kernel", [3, 15], "drawn"],
          ["recurrentKernel", [5, 15], "drawn"],
          ["bias", [2, 15], "0"],
        ],
      ],
      [
        make("lstm", [5]),
        [1, 2, 3],
        [
          ["kernel", [3, 20], "drawn"],
          ["recurrentKernel", [5, 20], "drawn"],
          ["bias", [20], "0 1"],
        ],
      ],
      [
        multiHeadAttention(2, 3, { valueDim: 4 }),
        [1, 2, 6],
        [
          ["query/kernel", [6, 2, 3], "drawn"],
          ["query/bias", [2, 3], "0"],
          ["key/kernel", [6, 2, 3], "drawn"],
          ["key/bias", [2, 3], "0"],
          ["value/kernel", [6, 2, 4], "drawn"],
          ["value/bias", [2, 4], "0"],
          ["attentionOutput/kernel", [2, 4, 6], "drawn"],
          ["attentionOutput/bias", [6], "0"],
        ],
      ],
    ];
    for (const [block, inputShape, expected] of first) expect(await weightsOf(block, inputShape)).toEqual(expected);
  });

  check("draw kernels within Glorot's limits, for a convolution of the whole window", async () => {
    const layer = conv2d(6, 3);
    layer.build([null, 5, 5, 4]);
    const limit = Math.sqrt(6 / (9 * 4 + 9 * 6));
    const greatest = await layer.kernel.abs().max().item();
    expect([greatest <= limit, greatest > 0.9 * limit]).toEqual([true, true]);
  });

  check("have orthonormal rows in recurrent kernels, and an open forget gate", async () => {
    const layer = lstm(4);
    layer.build([null, 3, 2]);
    const kernel = layer.recurrentKernel;
    await expectClose(kernel.matmul(kernel.transpose()), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    const closed = lstm(4, { unitForgetBias: false });
    closed.build([null, 3, 2]);
    expect(await layer.bias.array()).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(await closed.bias.abs().max().item()).toBe(0);
  });
});

describe("behaviour of layers", () => {
  check("batchNorm updates its states only in training mode and if it is not frozen", async () => {
    const net = sequential([batchNorm({ momentum: 0.5 })]);
    const x = tensor([[2], [4]]);
    await expectClose(net.call(x), [2, 4], 1e-3);
    const states = async () => Promise.all(net.weights.slice(2).map((state) => state.item()));
    expect(await states()).toEqual([0, 1]);
    await expectClose(net.call(x, { training: true }), [-1, 1], 1e-3);
    expect(await states()).toEqual([1.5, 1]);
    net.trainable = false;
    net.call(x, { training: true });
    expect(await states()).toEqual([1.5, 1]);
    expect([...net.parameters().keys()]).toEqual(["0/gamma", "0/beta"]);
  });

  check("a training step updates batchNorm's states and leaks no memory", async () => {
    const net = sequential([batchNorm(), blocks.dense(1)]);
    const x = random.uniform([8, 3], 1, 2);
    net.call(x);
    const optimizer = optimizers.sgd({ learningRate: 0.01 });
    const step = () => optimizer.minimize(() => net.call(x).square().mean(), net);
    const taken = [];
    for (let i = 0; i < 24; i++) {
      (await step()).dispose();
      taken.push(deviceInfo(device).buffers);
    }
    expect(Math.max(...taken.slice(16))).toBeLessThanOrEqual(Math.max(...taken.slice(8, 16)));
    const [mean] = (await net.layers[0]!.movingMean.array()) as number[];
    const [seen] = (await x.mean(0).array()) as number[];
    expect(mean! / seen!).toBeCloseTo(1 - 0.99 ** 24, 4);
  });

  check("attention sees only what its mask allows", async () => {
    const layer = multiHeadAttention(2, 3);
    const x = random.uniform([1, 4, 6]);
    const causal = layer.call(x, { useCausalMask: true });
    const places = arange(4);
    const mask = places.reshape([4, 1]).greaterEqual(places).reshape([1, 4, 4]);
    await expectClose(layer.call(x, x, x, { attentionMask: mask }), await causal.array());
    const changed = layer.call(x.add(places.greater(2).reshape([4, 1])), { useCausalMask: true });
    const before = [
      [0, 0, 0],
      [1, 3, 6],
    ] as const;
    await expectClose(changed.slice(...before), await causal.slice(...before).array());
    expect(() => layer.call(x, { attentionMask: ones([4, 4]) })).toThrow("an attentionMask [batch, 4, 4], got [4, 4]");
  });

  check("attention applies dropout in training mode", async () => {
    const layer = multiHeadAttention(1, 2, { dropout: 0.5 });
    const x = random.uniform([2, 6, 4]);
    const [plain, again] = [layer.call(x), layer.call(x)];
    expect(await plain.sub(again).abs().max().item()).toBe(0);
    expect(await layer.call(x, { training: true }).sub(plain).abs().max().item()).toBeGreaterThan(0);
  });

  check("errors for invalid inputs and arguments name the layer and both shapes", async () => {
    const net = sequential([conv2d(2, 3), avgPool2d()]);
    net.build([null, 8, 8, 1]);
    const wrong: [() => unknown, string][] = [
      [
        () => net.call(ones([1, 8, 8, 3])),
        'Convolution "0": expected input [batch, height, width, 1], got [1, 8, 8, 3]',
      ],
      [
        () => conv2d(2, 3).call(ones([4, 64])),
        "Convolution: expected input [batch, height, width, channels], got [4, 64]",
      ],
      [() => avgPool2d().call(ones([4, 64])), "Average pooling: expected input [batch, height, width, channels]"],
      [() => lstm(2).call(ones([4, 64])), "LSTM: expected input [batch, steps, features], got [4, 64]"],
      [() => make("reshape", [[3, 3]]).call(ones([2, 8])), "expected a shape of 8 elements"],
      [() => conv2d(0, 3), "conv2d(): expected a whole number of filters >= 1, got 0"],
      [() => conv2d(1, [3, 3, 3]), "expected a window size that is a whole number >= 1, or two of them, got [3,3,3]"],
      [() => batchNorm({ momentum: 2 }), "batchNorm(): expected a momentum in [0, 1], got 2"],
      [() => lstm(2, { recurrentActivation: "rellu" as "relu" }), "lstm(): expected an activation"],
      [() => multiHeadAttention(1.5, 2), "multiHeadAttention(): expected a whole number of heads >= 1, got 1.5"],
    ];
    for (const [run, message] of wrong) expect(run).toThrow(message);
    const norm = batchNorm();
    norm.build([null, 3]);
    expect(() => norm.call(ones([2, 4]))).toThrow("Batch normalization: expected input [batch, 3], got [2, 4].");
  });

  check("a sequence without time steps gives zeros, and long ones work", async () => {
    const layer = lstm(3);
    expect(await layer.call(ones([1, 0, 2])).array()).toEqual([[0, 0, 0]]);
    const every = lstm(3, { returnSequences: true });
    expect(every.call(ones([2, 0, 2])).shape).toEqual([2, 0, 3]);
    expect(every.call(random.uniform([2, 37, 2])).shape).toEqual([2, 37, 3]);
  });

  check("an embedding index out of range gives NaN, because a device cannot throw", async () => {
    const layer = embedding(3, 1, { embeddingsInitializer: initializers.ones() });
    expect(await layer.call(tensor([0, 2, 3], { dtype: "int32" })).array()).toEqual([[1], [1], [NaN]]);
    expect(await layer.call(tensor([1, 2])).array()).toEqual([[1], [1]]);
  });

  check("a small convolutional net learns to distinguish two patterns", async () => {
    const net = sequential([
      conv2d(4, 3, { padding: "same", activation: "relu" }),
      batchNorm(),
      blocks.maxPool2d(),
      blocks.depthwiseConv2d(2, { activation: "silu" }),
      blocks.globalAvgPool2d(),
      blocks.dense(1, { activation: "sigmoid" }),
    ]);
    const stripes = (vertical: boolean) =>
      Array.from({ length: 36 }, (_, i) => (vertical ? i % 6 : Math.floor(i / 6)) % 2);
    const noise = random.uniform([8, 6, 6, 1], 0, 0.3);
    const x = tensor(Array.from({ length: 8 }, (_, i) => stripes(i % 2 === 1)).flat(), { shape: [8, 6, 6, 1] }).add(
      noise,
    );
    const y = tensor(Array.from({ length: 8 }, (_, i) => [i % 2]));
    const optimizer = optimizers.adam({ learningRate: 0.05 });
    const loss = async () => (await optimizer.minimize(() => net.call(x).sub(y).square().mean(), net)).item();
    const before = await loss();
    for (let i = 0; i < 25; i++) await loss();
    expect((await loss()) / before).toBeLessThan(0.1);
  });
});
