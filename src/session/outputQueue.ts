import type { Output, SessionEvent } from "./protocol";

/** What a run may show: more than anyone reads, and less than what makes the page slow. */
const maxOutputs = 10_000;
const maxCharacters = 5_000_000;

/** An output, and the buffers in it that go over without a copy. */
export interface Shown {
  output: Output;
  transfer?: Transferable[];
}

/**
 * Sends outputs in the order in which they were pushed, though the values of some are still on their way from
 * the device. With nothing on its way an output leaves at once, so that an endless loop's are seen.
 */
export class OutputQueue {
  readonly #post: (event: SessionEvent, transfer?: Transferable[]) => void;
  #cell = "";
  #run = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  #outputs = 0;
  #characters = 0;

  constructor(post: (event: SessionEvent, transfer?: Transferable[]) => void) {
    this.#post = post;
  }

  /** Outputs from here on belong to this run. */
  begin(cell: string, run: number): void {
    this.#cell = cell;
    this.#run = run;
    this.#outputs = 0;
    this.#characters = 0;
  }

  /** @param fail what is shown instead of a value that could not be read */
  push(shown: Shown | Promise<Shown>, fail: (error: unknown) => Output): void {
    if (++this.#outputs > maxOutputs) return;
    const send = this.#sender();
    if (this.#outputs === maxOutputs || this.#characters > maxCharacters) {
      this.#outputs = maxOutputs;
      shown = { output: { type: "text", text: "... (the rest of this cell's output is not shown)\n" } };
    }
    if (this.#waiting === 0 && !(shown instanceof Promise)) send(shown);
    else this.#wait(shown, send, fail);
  }

  /**
   * For an output that is shown once and changes: each call sends what takes its place, at once, and as of the run that
   * begins it. It counts as one.
   */
  live(): (output: Output) => void {
    if (++this.#outputs > maxOutputs) return () => undefined;
    const send = this.#sender();
    return (output) => send({ output });
  }

  /** Resolves when all that was pushed has left. */
  async flush(): Promise<void> {
    while (this.#waiting > 0) await this.#last;
  }

  /** Bound to the run of now: a value may arrive when the next has begun. */
  #sender(): (shown: Shown) => void {
    const cell = this.#cell;
    const run = this.#run;
    return ({ output, transfer }) => {
      if ("text" in output) this.#characters += output.text.length;
      this.#post({ kind: "output", cell, run, output }, transfer);
    };
  }

  #wait(shown: Shown | Promise<Shown>, send: (shown: Shown) => void, fail: (error: unknown) => Output): void {
    const before = this.#last;
    const value = Promise.resolve(shown).catch((error: unknown): Shown => ({ output: fail(error) }));
    this.#waiting++;
    this.#last = (async () => {
      await before;
      send(await value);
      this.#waiting--;
    })();
  }
}
