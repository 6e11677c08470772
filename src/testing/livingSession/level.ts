/** What a device holds once all models have gone. */
import { nextTask } from "../../base/cancel";
import { backendOf, devices, setDefaultDevice } from "../../device/open";
import { dense, losses, optimizers, zeros } from "../../index";
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
 * A model of two weights, always the same: its plan is one more in the cache, and the cache lets go of the plans whose
 * models have gone only when it gets one more.
 */
async function trainLast(): Promise<void> {
  const before = setDefaultDevice("GPU:0");
  try {
    const [x, y, net] = [zeros([2, 3]), zeros([2, 1]), dense(1)];
    const optimizer = optimizers.sgd();
    const lossOf = () => losses.meanSquaredError(y, net.call(x));
    for (let step = 0; step < 3; step++) (await optimizer.minimize(lossOf, net)).dispose();
    for (const given of [...net.weights, x, y]) given.dispose();
  } finally {
    setDefaultDevice(before);
  }
}

/**
 * Call it when all models so far have gone: what is alive by construction is then that of one small model, however many
 * there were before. Copies of freed plans are let go of; `mostKeptBytes` may be kept again from now on.
 */
export async function measureLevel(cases: number, mostKeptBytes: number): Promise<Level> {
  keepFreedPlans(0);
  await collect();
  await trainLast();
  await collect();
  const { bytesInUse: bytes, buffers } = backendOf("GPU:0").counters;
  keepFreedPlans(mostKeptBytes);
  return { cases, bytes, buffers };
}
