import { uniform } from "./numbers";
import type { Workload } from "./workload";

const size = 1_000_000;

export const chain: Workload = {
  id: "chain",
  title: "ten elementwise ops over 1,000,000 elements, read back",
  unit: "ms",
  flops: 10 * size,
  checkSteps: 1,
  stateless: true,
  prepare: (system) => system.chain({ x: uniform(size, 600) }),
};
