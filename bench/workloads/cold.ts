import { mlpFlops, mlpTask } from "./mlp";
import type { Workload } from "./workload";

export const cold: Workload = {
  id: "cold",
  title: "the first step of `mlp` in a fresh browser: loading, opening, compiling",
  unit: "ms",
  flops: mlpFlops,
  checkSteps: 1,
  fresh: true,
  prepare: (system) => system.train(mlpTask),
};
