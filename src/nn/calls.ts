/** Which blocks are being called, and what a first call has built so far. */
import type { Block } from "./block";

interface Call {
  readonly root: Block;
  readonly built: Block[];
}

const running: { block: Block; call: Call }[] = [];

/** The call that surrounds this one, up to its first await. */
export function currentCall(): Call | undefined {
  return running.at(-1)?.call;
}

/** Runs `fn` as a call of `block`; an outermost one begins a new list of what it builds. */
export function during<R>(block: Block, call: Call, fn: () => R): R {
  running.push({ block, call });
  try {
    return fn();
  } finally {
    running.pop();
  }
}

export function beginCall(root: Block): Call {
  return { root, built: [] };
}

export type { Call };
