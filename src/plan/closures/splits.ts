/**
 * Reports closures that read values while they record. Everything recorded up to each read is computed as a separate plan.
 */

/** One run of such a closure. */
export interface Split {
  /** The closure, as errors name it: `minimize()`. */
  readonly name: string;
  /** Number of plans that computed it: one more than the number of reads. */
  readonly parts: number;
  /** Created at the first read. Its stack contains the line of the read. */
  readonly where: Error;
}

export type SplitListener = (split: Split) => void;

const listeners = new Set<SplitListener>();

/** Reports every closure that was computed in parts, when it ends. Returns a function that unsubscribes. */
export function observeSplits(listener: SplitListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Counts the reads in one run of a closure. */
export class SplitReport {
  private where: Error | undefined;
  private parts = 1;

  constructor(private readonly name: string) {}

  /** Records a read. Must be called before anything is awaited, while the stack is still the reader's. */
  countRead(): void {
    this.parts++;
    if (listeners.size > 0) this.where ??= new Error(`A value is read inside ${this.name}.`);
  }

  /** Reports the reads at the end of the closure. */
  report(): void {
    const { name, parts, where } = this;
    if (where) for (const listener of listeners) listener({ name, parts, where });
  }
}
