import { Cancelled } from "./errors";

let requested = false;

/** Asks running library calls to reject with `Cancelled` at their next step. */
export function requestCancel(): void {
  requested = true;
}

export function clearCancel(): void {
  requested = false;
}

/** Every library call that awaits or loops calls this at each step. @throws Cancelled after `requestCancel`. */
export function throwIfCancelled(): void {
  if (requested) throw new Cancelled();
}
