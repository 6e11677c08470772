import type { Net, TrainTask } from "./net";
import { startingWeights, trainFlops } from "./netShapes";
import { labels, uniform } from "./numbers";
import type { Workload } from "./workload";

const size = 128;
const net: Net = {
  inputShape: [784],
  layers: [
    { kind: "dense", units: 256, activation: "relu" },
    { kind: "dense", units: 10, activation: "linear" },
  ],
};

export const mlpTask: TrainTask = {
  ...net,
  weights: startingWeights(net),
  batch: { size, x: uniform(784 * size, 200, 0, 1), y: labels(size, 201, 10) },
  loss: "softmaxCrossentropy",
  learningRate: 0.001,
};

export const mlpFlops = trainFlops(net, size);

export const mlp: Workload = {
  id: "mlp",
  title: "training step, 784-256-10 relu, softmax cross-entropy, Adam, batch 128",
  unit: "ms",
  flops: mlpFlops,
  checkSteps: 3,
  prepare: (system) => system.train(mlpTask),
};
