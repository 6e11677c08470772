import type { Net, TrainTask } from "./net";
import { startingWeights, trainFlops } from "./netShapes";
import { uniform } from "./numbers";
import type { Workload } from "./workload";

const size = 32;
const [steps, features] = [64, 8];
const net: Net = {
  inputShape: [steps, features],
  layers: [
    { kind: "gru", units: 64 },
    { kind: "dense", units: 1, activation: "linear" },
  ],
};
const x = uniform(size * steps * features, 700);

/** A weighted sum of the first feature. Each time step counts 0.9 times as much as the next. */
const y = Float32Array.from({ length: size }, (_, row) => {
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += 0.9 ** (steps - 1 - step) * x[(row * steps + step) * features]!;
  return sum;
});

const task: TrainTask = {
  ...net,
  weights: startingWeights(net),
  batch: { size, x, y },
  loss: "meanSquaredError",
  learningRate: 0.001,
};

export const gru: Workload = {
  id: "gru",
  title: "training step, GRU of 64 over 64 steps of 8 features, dense 1, Adam, batch 32",
  unit: "ms",
  flops: trainFlops(net, size),
  checkSteps: 2,
  repeats: 3,
  details: true,
  prepare: (system) => system.train(task),
};
