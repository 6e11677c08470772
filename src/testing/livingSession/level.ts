/** Measures the memory that a device still uses when all models are gone. */
import { nextTask } from "../../base/cancel";
import { backendOf, devices } from "../../device/open";
import { retainFreedPlans } from "../../plan/inspect/planLog";
import { forgetPlans } from "../../plan/run/execute";
import { collectGarbage } from "../../tensor/collectGarbage";

export interface Level {
  /** Number of models so far. */
  cases: number;
  bytes: number;
  buffers: number;
}

/** Lets the engine collect everything that was dropped. */
export async function collect(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  const always = { buffers: -Infinity, bytes: -Infinity };
  for (let turn = 0; turn < 6; turn++) {
    gc?.();
    for (const name of devices()) await collectGarbage(backendOf(name), always);
    await nextTask();
  }
}

/**
 * Measures the level. Call it when all models so far are gone, so that only constants of ops remain, independent of the
 * number of models. Frees cached plans and snapshots of freed plans first; afterwards up to `mostKeptBytes` of
 * snapshots may be retained again.
 */
export async function measureLevel(cases: number, mostKeptBytes: number): Promise<Level> {
  retainFreedPlans(0);
  await collect();
  forgetPlans();
  await collect();
  const { bytesInUse: bytes, buffers } = backendOf("GPU:0").counters;
  retainFreedPlans(mostKeptBytes);
  return { cases, bytes, buffers };
}
