/**
 * Lets the engine collect dropped tensors. It sees only their small handles, not
 * the device memory behind them, so a loop that makes tensors outside any scope
 * would fill the device before a collection comes by itself.
 */
import { nextTask } from "../base/cancel";
import type { Backend } from "../device/backend";

/** Growth since the last relief that calls for one. */
export interface Budget {
  buffers: number;
  bytes: number;
}

/** In a loop, where a collection costs time. */
const loopBudget: Budget = { buffers: 1024, bytes: 256 * 2 ** 20 };

/** Between two runs, where it costs nobody anything: a cell that ran again dropped what it had made before. */
export const idleBudget: Budget = { buffers: 16, bytes: 2 ** 18 };

/** What makes the engine collect: dropping so much of what it does see. */
const ballastBytes = 64 * 2 ** 20;

const none: Budget = { buffers: 0, bytes: 0 };
const levels = new WeakMap<Backend, Budget>();

/** True if the device's memory has grown by a budget since the last relief. */
export function isReliefDue(backend: Backend, budget = loopBudget): boolean {
  const { counters } = backend;
  const level = levels.get(backend) ?? none;
  return counters.buffers >= level.buffers + budget.buffers || counters.bytesInUse >= level.bytes + budget.bytes;
}

/** Collects dropped tensors if the device's memory has grown by a budget since the last time. */
export async function relieve(backend: Backend, budget = loopBudget): Promise<void> {
  const { counters } = backend;
  if (!isReliefDue(backend, budget)) return;
  void new ArrayBuffer(ballastBytes);
  // Collected handles are told in a task of their own, never between promises.
  await nextTask();
  await nextTask();
  levels.set(backend, { buffers: counters.buffers, bytes: counters.bytesInUse });
}
