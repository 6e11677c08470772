/** What the runtime has done and what it waits for: how a closure that can never end is told from a slow one. */
export const activity = { ops: 0, pendingReads: 0 };
