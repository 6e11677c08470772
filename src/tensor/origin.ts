/** What ops are recorded for, so that a plan's dispatch can be traced back to the block or the weight behind it. */

export type Phase = "forward" | "gradient" | "update";

/** A block or a parameter, as errors name it. */
export interface Owner {
  readonly label: string;
}

export interface Origin {
  /** The block whose `forward` calls the op, or the parameter that is updated; undefined outside of both. */
  readonly owner: Owner | undefined;
  readonly phase: Phase;
}

let current: Origin | undefined;

export function currentOrigin(): Origin | undefined {
  return current;
}

/** Runs `fn` for this owner. What comes after an await in it is not told apart from other code. */
export function withOrigin<R>(origin: Origin, fn: () => R): R {
  const before = current;
  current = origin;
  try {
    return fn();
  } finally {
    current = before;
  }
}
