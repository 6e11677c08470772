/**
 * Counters of what the runtime has done and what it waits for: they distinguish a closure that can never end from a
 * slow one.
 */
export const activity = { ops: 0, pendingReads: 0 };
