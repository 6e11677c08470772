/** Tests of recorded graphs as data, on one device. */
import { describe, expect } from "vitest";
import { type PartialShape, sizeOf } from "../../base/shape";
import {
  batchNorm,
  Block,
  constant,
  conv2d,
  dense,
  deviceInfo,
  dropout,
  flatten,
  initializers,
  maxPool2d,
  type Operand,
  ones,
  random,
  recordGraph,
  sequential,
  setSeed,
  type Tensor,
  withDevice,
} from "../../index";
import { activity } from "../../tensor/activity";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import { expectClose, Mlp, onDevice } from "../../testing/onDevice";
import * as blocks from "../blocks/index";

await openTestDevices();

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);

type Layer = keyof typeof blocks;

const image = [2, 6, 6, 3];
const sequence = [2, 5, 4];
/** Arguments and an input shape of every layer. */
const calls: Record<Layer, [args: unknown[], shape: number[]]> = {
  sequential: [[[dense(3), flatten()]], [2, 4, 5]],
  dense: [
    [7, { activation: "softmax" }],
    [2, 5],
  ],
  conv2d: [[4, 3, { padding: "same", strides: 2 }], image],
  depthwiseConv2d: [[3, { depthMultiplier: 2 }], image],
  embedding: [
    [10, 3],
    [2, 5],
  ],
  multiHeadAttention: [[2, 3], sequence],
  simpleRnn: [[3], sequence],
  gru: [[3, { returnSequences: true }], sequence],
  lstm: [[3], sequence],
  batchNorm: [[], image],
  layerNorm: [[], sequence],
  activation: [["gelu"], [2, 5]],
  leakyRelu: [[], [2, 5]],
  elu: [[], [2, 5]],
  prelu: [[], [2, 5]],
  dropout: [[0.5], [2, 5]],
  flatten: [[], image],
  reshape: [[[3, -1]], [2, 6]],
  maxPool2d: [[2], image],
  avgPool2d: [[3, { strides: 2 }], image],
  globalAvgPool2d: [[], image],
};

const makers = new Map(Object.entries(blocks) as [Layer, (...args: unknown[]) => Block][]);

function make(layer: Layer): Block {
  return makers.get(layer)!(...calls[layer][0]);
}

class Scaled extends Block {
  table = { scales: [constant([1, 2])] };
  inner = dense(2);
  forward(x: Operand): { first: Tensor; rest: Tensor[] } {
    const y = this.inner.call(x).mul(this.table.scales[0]!);
    return { first: y, rest: [y.add(Infinity).sum()] };
  }
}

class Awaits extends Block {
  inner = dense(2);
  async forward(x: Operand): Promise<Tensor> {
    const y = this.inner.call(x);
    return (await y.sum().item()) > 0 ? y : y.neg();
  }
}

const matmulOfDense = (graph: ReturnType<typeof recordGraph>) => graph.ops.find(({ name }) => name === "matmul")!;

describe("a recorded graph", () => {
  for (const layer of Object.keys(calls) as Layer[]) {
    check(`of ${layer} has the output shape of a call, built or not`, async () => {
      const [, shape] = calls[layer];
      const block = make(layer);
      const unbuilt = recordGraph(block, shape);
      expect([block.built, block.weights.length]).toEqual([false, 0]);
      const result: Tensor = block.call(ones(shape));
      const output = { shape: [...result.shape], dtype: result.dtype };
      expect(unbuilt.outputs.map((index) => unbuilt.values[index])).toEqual([output]);
      const built = recordGraph(block, shape);
      expect(built).toEqual(unbuilt);
      expect(JSON.parse(JSON.stringify(built))).toEqual(built);
      const used = new Map(built.weights.map(({ path, value }) => [path, built.values[value]!.shape]));
      for (const { path, shape: weightShape } of block.weights) expect(used.get(path), path).toEqual(weightShape);
    });
  }

  check("lists ops with blocks, and weights and constants by path", async () => {
    const net = sequential([new Scaled()], { name: "net" });
    const graph = recordGraph(net, [null, 3]);
    expect(graph).toEqual({
      values: [
        { shape: [1, 3], dtype: "float32" },
        { shape: [3, 2], dtype: "float32" },
        { shape: [1, 2], dtype: "float32" },
        { shape: [2], dtype: "float32" },
        { shape: [1, 2], dtype: "float32" },
        { shape: [2], dtype: "float32" },
        { shape: [1, 2], dtype: "float32" },
        { shape: [], dtype: "float32" },
        { shape: [1, 2], dtype: "float32" },
        { shape: [], dtype: "float32" },
      ],
      inputs: [0],
      outputs: [6, 9],
      weights: [
        { path: "0/inner/kernel", value: 1, state: false, trainable: true },
        { path: "0/inner/bias", value: 3, state: false, trainable: true },
      ],
      constants: [{ path: "0/table/scales/0", value: 5 }],
      ops: [
        {
          name: "matmul",
          attributes: { transposeA: false, transposeB: false },
          inputs: [0, 1],
          output: 2,
          block: "0/inner",
          multiplyAdds: 6,
          bytes: 44,
        },
        { name: "add", attributes: {}, inputs: [2, 3], output: 4, block: "0/inner", multiplyAdds: 2, bytes: 24 },
        { name: "mul", attributes: {}, inputs: [4, 5], output: 6, block: "0", multiplyAdds: 2, bytes: 24 },
        {
          name: "full",
          attributes: { shape: [], dtype: "float32", value: "Infinity" },
          inputs: [],
          output: 7,
          block: "0",
          multiplyAdds: 0,
          bytes: 4,
        },
        { name: "add", attributes: {}, inputs: [6, 7], output: 8, block: "0", multiplyAdds: 2, bytes: 20 },
        {
          name: "sum",
          attributes: { axes: [0, 1], keepDims: false },
          inputs: [8],
          output: 9,
          block: "0",
          multiplyAdds: 2,
          bytes: 12,
        },
      ],
      totals: { multiplyAdds: 14, bytes: 128 },
    });
  });

  check("counts multiply-adds as done by hand", async () => {
    const net = sequential([conv2d(8, 3), maxPool2d(2), flatten(), dense(10)]);
    const costs = recordGraph(net, [null, 28, 28, 1]).ops.map(({ name, multiplyAdds }) => [name, multiplyAdds]);
    expect(costs).toEqual([
      ["conv2d", 26 * 26 * 8 * 9],
      ["add", 26 * 26 * 8],
      ["maxPool2d", 13 * 13 * 8 * 4],
      ["reshape", 0],
      ["matmul", 13 * 13 * 8 * 10],
      ["add", 10],
    ]);
    const attention = recordGraph(make("multiHeadAttention"), [null, 5, 4]);
    const products = attention.ops.filter(({ name }) => name === "matmul").map(({ multiplyAdds }) => multiplyAdds);
    const [steps, width, heads, keys] = [5, 4, 2, 3];
    const projection = steps * width * heads * keys;
    const scores = heads * steps * steps * keys;
    expect(products.reduce((a, b) => a + b)).toBe(4 * projection + 2 * scores);
    const [, , activated] = recordGraph(make("dense"), [null, 5]).ops;
    expect([activated!.name, activated!.multiplyAdds]).toEqual(["softmax", 5 * 7]);
    const embedded = recordGraph(make("embedding"), [null, 5]);
    expect(embedded.ops.map(({ name, multiplyAdds, bytes }) => [name, multiplyAdds, bytes])).toEqual([
      ["cast", 0, 2 * 5 * 4],
      ["gather", 0, (2 * 5 * 3 + 5) * 4],
    ]);
  });

  check("computes nothing, draws no random number and leaves the model as it was", async () => {
    const make2 = () => sequential([dense(4), batchNorm(), dropout(0.5), new Scaled().inner]);
    setSeed(3);
    const expected = make2();
    expected.build([null, 3]);
    setSeed(3);
    const net = make2();
    net.apply((path) => (path === "0/kernel" ? initializers.ones() : undefined));
    const before = [deviceInfo(device).bytesInUse, deviceInfo(device).dispatches];
    recordGraph(net, [null, 3]);
    expect([deviceInfo(device).bytesInUse, deviceInfo(device).dispatches]).toEqual(before);
    expect(() => recordGraph(net, [3, 3, 3, 3, 3, 3, 3, 3, 3])).toThrow("rank");
    expect([net.built, net.inputShape, net.layers[0]!.inputShape, Object.keys(net.layers[0]!)]).toEqual([
      false,
      null,
      null,
      Object.keys(dense(4)),
    ]);
    net.build([null, 3]);
    await expectClose(net.weights[0]!, Array(12).fill(1));
    await expectClose(net.weights.at(-2)!, await expected.weights.at(-2)!.array());
    const shapes = net.layers.map(({ inputShape }) => inputShape);
    recordGraph(net, [7, 3]);
    expect(net.layers.map(({ inputShape }) => inputShape)).toEqual(shapes);
    const random1 = recordGraph(
      new (class extends Block {
        forward(x: Operand): Tensor {
          return x.add(random.uniform([3]));
        }
      })(),
      [null, 3],
    );
    expect(random1.ops.map(({ name }) => name)).toEqual(["uniform", "add"]);
  });

  check("is recorded on the device of the weights, with several inputs and a batch", async () => {
    const other = withDevice("CPU:0", () => new Mlp());
    withDevice("CPU:0", () => other.build([null, 3]));
    const graph = recordGraph(other, [4, 3]);
    expect(matmulOfDense(graph).multiplyAdds).toBe(4 * 3 * 8);
    class Sum extends Block {
      forward(a: Operand, b: Operand): Tensor {
        return a.add(b);
      }
    }
    const shapes: PartialShape[] = [[null, 3], [3]];
    const sum = recordGraph(new Sum(), shapes);
    expect([sum.inputs, sum.outputs, sum.totals.multiplyAdds]).toEqual([[0, 1], [2], sizeOf([1, 3])]);
  });

  check("names what a graph cannot contain", async () => {
    const net = new Awaits();
    const ops = activity.ops;
    expect(() => recordGraph(net, [null, 3])).toThrow(
      "recordGraph(): expected a forward that follows from shapes alone, got one that returns a promise.",
    );
    await new Promise((resolve) => setTimeout(resolve));
    expect([net.built, net.weights.length, activity.ops > ops]).toEqual([false, 0, true]);
    expect(() => recordGraph(sequential([new Awaits()]), [null, 3])).toThrow("returns a promise");
    expect(() => recordGraph({} as Block, [null, 3])).toThrow("expected a block");
    expect(() => recordGraph(sequential([dense(2), conv2d(2, 3)]), [null, 3])).toThrow('Convolution "1"');
  });
});
