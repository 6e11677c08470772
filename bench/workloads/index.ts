/** Every one of the workloads: one file and one line each. */
import { chain } from "./chain";
import { cold } from "./cold";
import { forward } from "./forward";
import { lenet } from "./lenet";
import { matmul } from "./matmul";
import { memory } from "./memory";
import { mlp } from "./mlp";
import { tiny } from "./tiny";
import type { Workload } from "./workload";

export const workloads: readonly Workload[] = [
  tiny,
  mlp,
  lenet,
  matmul(256),
  matmul(512),
  matmul(1024),
  matmul(2048),
  forward,
  chain,
  cold,
  memory,
];
