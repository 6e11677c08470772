/**
 * Makes the engine collect dropped tensors. It sees only their small handles, not the device memory behind them, so a
 * loop that creates tensors outside any scope would fill the device before a collection happens by itself.
 */
import { nextTask } from "../base/cancel";
import type { Backend } from "../device/backend";

/** Growth since the last relief that triggers another. */
export interface GrowthBudget {
  buffers: number;
  bytes: number;
}

/** For loops, where a collection costs time. */
const loopBudget: GrowthBudget = { buffers: 1024, bytes: 256 * 2 ** 20 };

/**
 * For the time between two runs, where a collection delays nothing: a cell that ran again dropped what it had created
 * before.
 */
export const idleBudget: GrowthBudget = { buffers: 16, bytes: 2 ** 18 };

/** Size of an allocation that is dropped at once, large enough to trigger a collection. */
const ballastBytes = 64 * 2 ** 20;

const none: GrowthBudget = { buffers: 0, bytes: 0 };
const levels = new WeakMap<Backend, GrowthBudget>();

/** True if the device's memory has grown by a budget since the last relief. */
export function isCollectionDue(backend: Backend, budget = loopBudget): boolean {
  const { counters } = backend;
  const level = levels.get(backend) ?? none;
  return counters.buffers >= level.buffers + budget.buffers || counters.bytesInUse >= level.bytes + budget.bytes;
}

/** Triggers a collection if the device's memory has grown by a budget since the last one. */
export async function collectGarbage(backend: Backend, budget = loopBudget): Promise<void> {
  const { counters } = backend;
  if (!isCollectionDue(backend, budget)) return;
  void new ArrayBuffer(ballastBytes);
  // Finalizers of collected handles run in a separate task, never between promises.
  await nextTask();
  await nextTask();
  levels.set(backend, { buffers: counters.buffers, bytes: counters.bytesInUse });
}
