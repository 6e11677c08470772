/** Nested calls of blocks, and what a first call has built so far. */

/** A call of an outermost block and of everything inside it. */
export interface BlockCall<B> {
  /** The outermost block. */
  readonly root: B;
  /** Blocks that this call built; if it fails, all of them are unbuilt again. */
  readonly built: B[];
  /** Functions that store the shapes of inputs and results, run once the whole call has succeeded. */
  readonly notes: (() => void)[];
}

/** Stack of nested calls, valid up to the first await of each. */
export class CallStack<B> {
  private readonly running: BlockCall<B>[] = [];

  /** The call around the code that is running. */
  get current(): BlockCall<B> | undefined {
    return this.running.at(-1);
  }

  /** Runs `fn` as part of a call. */
  during<R>(call: BlockCall<B>, fn: () => R): R {
    this.running.push(call);
    try {
      return fn();
    } finally {
      this.running.pop();
    }
  }
}
