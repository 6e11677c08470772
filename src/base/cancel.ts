import { Cancelled } from "./errors";

let requested = false;
let lastYield = 0;

/** How long library calls may run one after another before messages are let in, in milliseconds. */
const yieldEveryMs = 24;

/** What rejects each library call that waits now. */
const waiting = new Set<(error: Cancelled) => void>();

/** Asks running library calls to reject with `Cancelled`: those that wait at once, the others at their next step. */
export function requestCancel(): void {
  requested = true;
  for (const reject of waiting) reject(new Cancelled());
  waiting.clear();
}

export function clearCancel(): void {
  requested = false;
}

/** Every library call that awaits or loops calls this at each step. @throws Cancelled after `requestCancel`. */
export function throwIfCancelled(): void {
  if (requested) throw new Cancelled();
}

/**
 * The promise itself, but for `requestCancel`, which rejects it without waiting any longer: for a device that is
 * busy, or a file that is long.
 */
export function untilCancelled<V>(promise: Promise<V>): Promise<V> {
  return new Promise((resolve, reject) => {
    if (requested) reject(new Cancelled());
    else waiting.add(reject);
    promise.then(resolve, reject).finally(() => waiting.delete(reject));
  });
}

/**
 * Lets waiting messages in, if none were for a while: promises alone never give
 * the event loop a turn, so a training loop would not hear a Stop.
 * @throws Cancelled after `requestCancel`.
 */
export async function breathe(): Promise<void> {
  const pause = breathingSpace();
  if (pause) await pause;
}

/** As `breathe`, but undefined where there is nothing to wait for: for calls that take no longer than a promise does. */
export function breathingSpace(): Promise<void> | undefined {
  if (performance.now() - lastYield > yieldEveryMs) return yieldNow();
  throwIfCancelled();
  return undefined;
}

async function yieldNow(): Promise<void> {
  await nextTask();
  lastYield = performance.now();
  throwIfCancelled();
}

/** A turn of the event loop, sooner than a timer gives it. */
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
