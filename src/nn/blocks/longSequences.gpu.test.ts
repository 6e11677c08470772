import { beforeAll, expect, test } from "vitest";
import {
  type Block,
  dense,
  gru,
  losses,
  lstm,
  open,
  optimizers,
  random,
  sequential,
  simpleRnn,
  type Tensor,
} from "../../index";

/** Largest difference of the losses of both devices, relative to the loss if that is above 1. */
const tolerance = 2e-3;

beforeAll(async () => {
  expect(await open()).toBe("ready");
});

interface Case {
  readonly name: string;
  readonly steps: number;
  layers(): Block[];
}

const layers: Record<string, () => Block[]> = {
  gru: () => [gru(8), dense(1)],
  lstm: () => [lstm(8), dense(1)],
  simpleRnn: () => [simpleRnn(8), dense(1)],
  "simpleRnn, lstm and gru, stacked, every step": () => [
    simpleRnn(6, { returnSequences: true }),
    lstm(5, { returnSequences: true }),
    gru(4, { returnSequences: true }),
    dense(1),
  ],
};
const lengths = import.meta.env.WEIGHTROOM_FULL ? [28, 64, 128, 512] : [64];
const cases = lengths.flatMap((steps) =>
  Object.entries(layers).map(([name, make]): Case => ({ name, steps, layers: make })),
);

/** Returns the losses of three steps of `fit` and three of `minimize`, from given weights. */
async function lossesOn(device: string, net: Block, weights: readonly Tensor[], x: Tensor, y: Tensor) {
  net.to(device);
  await net.setWeights([...weights]);
  const [input, target] = [x.to(device), y.to(device)];
  net.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: "meanSquaredError" });
  const history = await net.fit(input, target, { epochs: 3, batchSize: 4, shuffle: false });
  const optimizer = optimizers.sgd({ learningRate: 0.01 });
  const seen = [...history.loss!];
  for (let step = 0; step < 3; step++) {
    const loss = await optimizer.minimize(() => losses.meanSquaredError(target, net.call(input) as Tensor), net);
    seen.push(await loss.item());
  }
  return seen;
}

test.for(cases)(
  "$name of $steps steps trains on GPU:0 as on CPU:0",
  { timeout: 240_000 },
  async ({ steps, layers: make }) => {
    const net = sequential(make());
    net.build([null, steps, 3]);
    const weights = await net.getWeights();
    const x = random.normal([8, steps, 3], 0, 1, { device: "CPU:0" });
    const last = net.outputShape([8, steps, 3]) as number[];
    const y = random.normal(last, 0, 1, { device: "CPU:0" });
    const cpu = await lossesOn("CPU:0", net, weights, x, y);
    const gpu = await lossesOn("GPU:0", net, weights, x, y);
    expect(cpu.length).toBe(6);
    gpu.forEach((loss, index) =>
      expect(Math.abs(loss - cpu[index]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(cpu[index]!))),
    );
  },
);
