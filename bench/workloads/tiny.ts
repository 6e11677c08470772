import type { Net, TrainTask } from "./net";
import { startingWeights, trainFlops } from "./netShapes";
import { uniform } from "./numbers";
import type { Workload } from "./workload";

const size = 32;
const x = uniform(2 * size, 100);
const net: Net = {
  inputShape: [2],
  layers: [
    { kind: "dense", units: 8, activation: "tanh" },
    { kind: "dense", units: 8, activation: "tanh" },
    { kind: "dense", units: 1, activation: "tanh" },
  ],
};

/** Exclusive or, as in the classic playground: 1 if both coordinates have the same sign, else -1. */
const y = Float32Array.from({ length: size }, (_, row) => Math.sign(x[2 * row]! * x[2 * row + 1]!) || 1);

export const tinyTask: TrainTask = {
  ...net,
  weights: startingWeights(net),
  batch: { size, x, y },
  loss: "meanSquaredError",
  learningRate: 0.01,
};

export const tinyFlops = trainFlops(net, size);

export const tiny: Workload = {
  id: "tiny",
  title: "training step, 2-8-8-1 tanh, Adam, batch 32",
  unit: "ms",
  flops: tinyFlops,
  checkSteps: 10,
  prepare: (system) => system.train(tinyTask),
};
