import type { Layer, Net, TrainTask } from "./net";
import { startingWeights, trainFlops } from "./netShapes";
import { labels } from "./numbers";
import type { Workload } from "./workload";

const size = 16;
const [context, vocabulary, width, heads, blocks] = [64, 32, 64, 4, 4];

/**
 * As in GPT-2 (Radford et al. 2019): each half of a block normalizes its input first and adds its result to the input.
 */
const block: Layer[] = [
  { kind: "residual", layers: [{ kind: "layerNorm" }, { kind: "causalAttention", heads, size: width / heads }] },
  {
    kind: "residual",
    layers: [
      { kind: "layerNorm" },
      { kind: "dense", units: 4 * width, activation: "gelu" },
      { kind: "dense", units: width, activation: "linear" },
    ],
  },
];

const net: Net = {
  inputShape: [context],
  layers: [
    { kind: "embedding", count: vocabulary, width },
    { kind: "positions" },
    ...Array.from({ length: blocks }, () => block).flat(),
    { kind: "layerNorm" },
    { kind: "dense", units: vocabulary, activation: "linear" },
  ],
};

const task: TrainTask = {
  ...net,
  weights: startingWeights(net),
  batch: { size, x: labels(size * context, 800, vocabulary), y: labels(size * context, 801, vocabulary) },
  loss: "softmaxCrossentropy",
  learningRate: 0.001,
};

export const gpt: Workload = {
  id: "gpt",
  title: "training step, 4 transformer blocks of width 64, 4 heads, context 64, vocabulary 32, Adam, batch 16",
  unit: "ms",
  flops: trainFlops(net, size),
  checkSteps: 2,
  repeats: 3,
  details: true,
  prepare: (system) => system.train(task),
};
