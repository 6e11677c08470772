/** What a device holds once all models have gone. */
import { nextTask } from "../../base/cancel";
import { backendOf, devices } from "../../device/open";
import { forgetPlans } from "../../plan/execute";
import { keepFreedPlans } from "../../plan/planRecord";
import { relieve } from "../../tensor/relief";

export interface Level {
  /** Models so far. */
  cases: number;
  bytes: number;
  buffers: number;
}

/** Lets the engine collect all that was dropped. */
export async function collect(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  const always = { buffers: -Infinity, bytes: -Infinity };
  for (let turn = 0; turn < 6; turn++) {
    gc?.();
    for (const name of devices()) await relieve(backendOf(name), always);
    await nextTask();
  }
}

/**
 * Call it when all models so far have gone: then nothing is alive by construction but constants that ops keep, however many
 * models there were before. Plans that are kept by their graphs and copies of freed plans are let go of; `mostKeptBytes` may be
 * kept again from now on.
 */
export async function measureLevel(cases: number, mostKeptBytes: number): Promise<Level> {
  keepFreedPlans(0);
  await collect();
  forgetPlans();
  await collect();
  const { bytesInUse: bytes, buffers } = backendOf("GPU:0").counters;
  keepFreedPlans(mostKeptBytes);
  return { cases, bytes, buffers };
}
