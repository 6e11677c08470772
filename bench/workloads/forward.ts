import type { ForwardTask, Net } from "./net";
import { forwardFlops, startingWeights } from "./netShapes";
import { uniform } from "./numbers";
import type { Workload } from "./workload";

const net: Net = {
  inputShape: [20],
  layers: [
    { kind: "dense", units: 256, activation: "relu" },
    { kind: "dense", units: 10, activation: "linear" },
  ],
};
const task: ForwardTask = { ...net, weights: startingWeights(net), batch: { size: 2, x: uniform(40, 500, 0, 1) } };

export const forward: Workload = {
  id: "forward",
  title: "the chapter's MLP on [2, 20], 256 relu and 10 outputs, read back",
  unit: "ms",
  flops: 2 * forwardFlops(net),
  checkSteps: 1,
  stateless: true,
  prepare: (system) => system.forward(task),
};
