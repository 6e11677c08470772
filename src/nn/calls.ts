/** Which blocks are being called, and what a first call has built so far. */

export interface Call<B> {
  /** The outermost block. */
  readonly root: B;
  /** Blocks that this call built: all or none of them stay. */
  readonly built: B[];
  /** What its blocks took and gave, to be noted if the whole call succeeds. */
  readonly notes: (() => void)[];
}

/** Nested calls, up to the first await of each. */
export class CallStack<B> {
  private readonly running: Call<B>[] = [];

  /** The call that surrounds what runs now. */
  get current(): Call<B> | undefined {
    return this.running.at(-1);
  }

  /** Runs `fn` as part of a call. */
  during<R>(call: Call<B>, fn: () => R): R {
    this.running.push(call);
    try {
      return fn();
    } finally {
      this.running.pop();
    }
  }
}
