import type { Net, TrainTask } from "./net";
import { startingWeights, trainFlops } from "./netShapes";
import { labels, uniform } from "./numbers";
import type { Workload } from "./workload";

const size = 64;

/**
 * LeNet-5 (LeCun et al. 1998) as it is trained today: relu instead of sigmoid, max pooling instead of average pooling.
 */
const net: Net = {
  inputShape: [28, 28, 1],
  layers: [
    { kind: "conv2d", filters: 6, kernelSize: 5, padding: "same", activation: "relu" },
    { kind: "maxPool2d", poolSize: 2 },
    { kind: "conv2d", filters: 16, kernelSize: 5, padding: "valid", activation: "relu" },
    { kind: "maxPool2d", poolSize: 2 },
    { kind: "flatten" },
    { kind: "dense", units: 120, activation: "relu" },
    { kind: "dense", units: 84, activation: "relu" },
    { kind: "dense", units: 10, activation: "linear" },
  ],
};

const task: TrainTask = {
  ...net,
  weights: startingWeights(net),
  batch: { size, x: uniform(28 * 28 * size, 300, 0, 1), y: labels(size, 301, 10) },
  loss: "softmaxCrossentropy",
  learningRate: 0.001,
};

export const lenet: Workload = {
  id: "lenet",
  title: "training step, LeNet on 28x28, Adam, batch 64",
  unit: "ms",
  flops: trainFlops(net, size),
  checkSteps: 2,
  prepare: (system) => system.train(task),
};
