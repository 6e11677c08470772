/** All systems, one line each. */
import { jaxjs } from "./jaxjs";
import { plainJs } from "./plainJs";
import type { System } from "./system";
import { tfjs } from "./tfjs";
import { weightroom } from "./weightroom";

export const systems: readonly System[] = [
  weightroom("weightroom-gpu", "GPU:0"),
  weightroom("weightroom-cpu", "CPU:0"),
  tfjs("tfjs-webgpu", "webgpu"),
  tfjs("tfjs-wasm", "wasm"),
  jaxjs("jaxjs-webgpu", "webgpu"),
  jaxjs("jaxjs-wasm", "wasm"),
  plainJs,
];
