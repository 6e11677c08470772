/** Origin of recorded ops, by which a plan's dispatches can be traced back to blocks and parameters. */

export type Phase = "forward" | "gradient" | "update";

/** A block or a parameter, by its name in errors. */
export interface Owner {
  readonly label: string;
}

export interface WorkOrigin {
  /** The block whose `forward` calls the op, or the parameter that is updated; undefined outside both. */
  readonly owner: Owner | undefined;
  readonly phase: Phase;
}

let current: WorkOrigin | undefined;

export function currentOrigin(): WorkOrigin | undefined {
  return current;
}

/** Runs `fn` for an owner. Code after an await in `fn` is not attributed to it. */
export function withOrigin<R>(origin: WorkOrigin, fn: () => R): R {
  const before = current;
  current = origin;
  try {
    return fn();
  } finally {
    current = before;
  }
}
