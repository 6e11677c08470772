import type { Layer, Net, TrainTask } from "./net";
import { startingWeights, trainFlops } from "./netShapes";
import { labels, uniform } from "./numbers";
import type { Workload } from "./workload";

const size = 32;
const stage: Layer[] = [
  { kind: "conv2d", filters: 32, kernelSize: 3, padding: "same", activation: "relu" },
  { kind: "maxPool2d", poolSize: 2 },
];

const net: Net = {
  inputShape: [32, 32, 3],
  layers: [...stage, ...stage, ...stage, { kind: "flatten" }, { kind: "dense", units: 10, activation: "linear" }],
};

const task: TrainTask = {
  ...net,
  weights: startingWeights(net),
  batch: { size, x: uniform(32 * 32 * 3 * size, 900, 0, 1), y: labels(size, 901, 10) },
  loss: "softmaxCrossentropy",
  learningRate: 0.001,
};

export const convnet: Workload = {
  id: "convnet",
  title: "training step, 3 x (conv 3x3 of 32, relu, max pool) on 32x32x3, dense 10, Adam, batch 32",
  unit: "ms",
  flops: trainFlops(net, size),
  checkSteps: 2,
  repeats: 3,
  details: true,
  prepare: (system) => system.train(task),
};
