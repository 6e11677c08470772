/** Closures that read values while they record: what was recorded up to each read is computed as a plan of its own. */

/** One run of such a closure. */
export interface Split {
  /** The closure as errors name it: `minimize()`. */
  readonly name: string;
  /** How many plans it was computed by: one more than it awaited recorded values. */
  readonly parts: number;
  /** Made where the first of them was awaited: its stack says the line. */
  readonly where: Error;
}

export type SplitListener = (split: Split) => void;

const listeners = new Set<SplitListener>();

/** Tells of every closure that is computed in parts, when it has come to its end. Returns what ends that. */
export function observeSplits(listener: SplitListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What one run of a closure reads. */
export class Reads {
  private where: Error | undefined;
  private parts = 1;

  constructor(private readonly name: string) {}

  /** A recorded tensor is read. Called before anything is awaited, so that the stack is still the reader's. */
  note(): void {
    this.parts++;
    if (listeners.size > 0) this.where ??= new Error(`A value is read inside ${this.name}.`);
  }

  /** The closure has come to its end. */
  tell(): void {
    const { name, parts, where } = this;
    if (where) for (const listener of listeners) listener({ name, parts, where });
  }
}
