/** Compares gradients of whole models with those of the float64 twin, where errors of single ops would add up. */
import { beforeAll, describe, expect } from "vitest";
import type { CpuBackend } from "../../device/cpu/cpuBackend";
import { backendOf, openTwin, withDevice } from "../../device/open";
import {
  avgPool2d,
  Block,
  conv2d,
  dense,
  flatten,
  gru,
  layerNorm,
  losses,
  maxPool2d,
  multiHeadAttention,
  type Operand,
  random,
  sequential,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../index";
import { openTestDevices, testDevice } from "../../testing/eachDevice";
import { onDevice } from "../../testing/onDevice";

const twin = openTwin();

class AttentionBlock extends Block {
  attention = multiHeadAttention(2, 4);
  first = layerNorm();
  wide = dense(16, { activation: "gelu" });
  narrow = dense(8);
  second = layerNorm();
  forward(x: Operand): Tensor {
    const seen = this.first.call(x.add(this.attention.call(x, x)));
    return this.second.call(seen.add(this.narrow.call(this.wide.call(seen)))).mean(1);
  }
}

interface Model {
  make(): Block;
  input: number[];
  classes: number;
}

const models: Record<string, Model> = {
  MLP: {
    make: () => sequential([dense(32, { activation: "relu" }), dense(16, { activation: "tanh" }), dense(10)]),
    input: [24, 20],
    classes: 10,
  },
  LeNet: {
    make: () =>
      sequential([
        conv2d(6, 5, { padding: "same", activation: "sigmoid" }),
        avgPool2d(2),
        conv2d(16, 5, { activation: "relu" }),
        maxPool2d(2),
        flatten(),
        dense(24, { activation: "relu" }),
        dense(10),
      ]),
    input: [3, 28, 28, 1],
    classes: 10,
  },
  "an attention block": { make: () => sequential([new AttentionBlock(), dense(5)]), input: [3, 6, 8], classes: 5 },
  GRU: { make: () => sequential([gru(12), dense(4)]), input: [4, 9, 6], classes: 4 },
};

/** Returns the gradients of a loss by path, on a device, for given weights. */
async function gradientsOn(
  device: string,
  { make, input }: Model,
  weights: readonly ArrayLike<number>[],
  [x, y]: readonly ArrayLike<number>[],
): Promise<Map<string, Tensor>> {
  const net = withDevice(device, () => {
    const made = make();
    made.build([null, ...input.slice(1)]);
    return made;
  });
  net.weights.forEach((weight, index) => {
    weight.assign(tensor(Float32Array.from(weights[index]!), { device }).reshape(weight.shape));
  });
  const given = tensor(Float32Array.from(x!), { device }).reshape(input);
  const labels = tensor(Int32Array.from(y!), { device });
  const loss = () => losses.sparseCategoricalCrossentropy(labels, net.call(given) as Tensor, { fromLogits: true });
  // A device may compute the first call op by op; the second runs the plan.
  await valueAndGrad(loss, net);
  return (await valueAndGrad(loss, net)).grads;
}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

beforeAll(openTestDevices);

describe("gradients of whole models match the float64 twin within 1e-5 of their norm", () => {
  for (const [name, model] of Object.entries(models)) {
    onDevice(testDevice, name, async () => {
      const sample = model.make();
      sample.build([null, ...model.input.slice(1)]);
      const weights = await Promise.all(sample.weights.map((weight) => weight.data()));
      const data = [
        await random.normal(model.input).data(),
        await random.integers([model.input[0]!], 0, model.classes).data(),
      ];
      const here = await gradientsOn(testDevice, model, weights, data);
      const exact = await gradientsOn(twin, model, weights, data);
      const wide = async (path: string) =>
        Array.from(await (backendOf(twin) as CpuBackend).readWide(exact.get(path)!.slot()));
      const wanted = new Map<string, number[]>();
      for (const path of here.keys()) wanted.set(path, await wide(path));
      const largest = Math.max(...[...wanted.values()].map(norm));
      const relative: Record<string, number> = {};
      for (const [path, gradient] of here) {
        const values = wanted.get(path)!;
        const error = norm(Array.from(await gradient.data(), (value, index) => value - values[index]!));
        // A key's bias shifts all scores of a row equally, which softmax ignores, so its gradient is only rounding.
        const size = norm(values);
        relative[path] = error / (size < 1e-12 * largest ? largest : size);
      }
      expect(Object.entries(relative).filter(([, error]) => !(error <= 1e-5))).toEqual([]);
      expect(Object.keys(relative).length).toBe(sample.parameters().size);
    });
  }
});
