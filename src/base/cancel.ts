import { Cancelled } from "./errors";

let requested = false;
let lastYield = 0;

/** Longest stretch of library calls, in milliseconds, before the event loop may handle messages. */
const yieldEveryMs = 24;

/** Reject functions of the library calls that are waiting. */
const waiting = new Set<(error: Cancelled) => void>();

/**
 * Requests that running library calls reject with `Cancelled`: waiting calls at once, all others at their next step.
 */
export function requestCancel(): void {
  requested = true;
  for (const reject of waiting) reject(new Cancelled());
  waiting.clear();
}

export function clearCancel(): void {
  requested = false;
}

/**
 * Throws after a cancel request. Every library call that awaits or loops calls this at each step.
 * @throws Cancelled after `requestCancel`.
 */
export function throwIfCancelled(): void {
  if (requested) throw new Cancelled();
}

/**
 * Returns a promise that settles like `promise`, but rejects as soon as cancellation is requested. It lets a stopped
 * cell stop waiting for a busy device or a long file.
 * @throws Cancelled after `requestCancel`.
 */
export function untilCancelled<V>(promise: Promise<V>): Promise<V> {
  return new Promise((resolve, reject) => {
    if (requested) reject(new Cancelled());
    else waiting.add(reject);
    promise.then(resolve, reject).finally(() => waiting.delete(reject));
  });
}

/**
 * Yields to the event loop if it has not done so for a while. Awaiting promises never lets the event loop run, so
 * without this a training loop would not receive a Stop message.
 * @throws Cancelled after `requestCancel`.
 */
export async function yieldIfDue(): Promise<void> {
  const pause = dueYield();
  if (pause) await pause;
}

/** Variant of `yieldIfDue` for calls that take no longer than a promise: returns undefined if no pause is due. */
export function dueYield(): Promise<void> | undefined {
  if (performance.now() - lastYield > yieldEveryMs) return yieldNow();
  throwIfCancelled();
  return undefined;
}

async function yieldNow(): Promise<void> {
  await nextTask();
  lastYield = performance.now();
  throwIfCancelled();
}

/** Resolves in the next turn of the event loop. A message channel gets there sooner than a timer. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
