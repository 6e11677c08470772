/** All workloads, one file and one line each. */
import { chain } from "./chain";
import { cold } from "./cold";
import { convnet } from "./convnet";
import { forward } from "./forward";
import { gpt } from "./gpt";
import { gru } from "./gru";
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
  convnet,
  gru,
  gpt,
  matmul(256),
  matmul(512),
  matmul(1024),
  matmul(2048),
  forward,
  chain,
  cold,
  memory,
];
