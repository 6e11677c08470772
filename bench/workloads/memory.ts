import { tinyFlops, tinyTask } from "./tiny";
import type { Workload } from "./workload";

/** Runs many repeats, so that memory can be compared between them. */
export const memory: Workload = {
  id: "memory",
  title: "a step of `tiny`, 10,000 of them, with what is held staying flat",
  unit: "ms",
  flops: tinyFlops,
  checkSteps: 10,
  repeats: 20,
  steps: 500,
  full: "peers",
  prepare: (system) => system.train(tinyTask),
};
