import type { Output, SessionEvent } from "../../protocol/protocol";

/** Output limits of one run: more than a user would read, and less than would slow down the page. */
const maxOutputs = 10_000;
const maxCharacters = 5_000_000;

/** An output with the buffers in it to be transferred. */
export interface QueuedOutput {
  output: Output;
  transfer?: Transferable[];
}

/**
 * Sends outputs in the order in which they were pushed, although the values of some are still being read from the
 * device. If nothing is pending, an output is sent at once, so that the outputs of an endless loop are visible.
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

  /** Attributes outputs from here on to this run. */
  begin(cell: string, run: number): void {
    this.#cell = cell;
    this.#run = run;
    this.#outputs = 0;
    this.#characters = 0;
  }

  /** @param fail creates the output shown instead of a value that could not be read */
  push(shown: QueuedOutput | Promise<QueuedOutput>, fail: (error: unknown) => Output): void {
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
   * Adds an output that is shown once and updated: each call replaces it at once, and it belongs to the run that
   * created it. It counts as one output.
   */
  live(): (output: Output) => void {
    if (++this.#outputs > maxOutputs) return () => undefined;
    const send = this.#sender();
    return (output) => send({ output });
  }

  /** Resolves when all pushed outputs have been sent. */
  async flush(): Promise<void> {
    while (this.#waiting > 0) await this.#last;
  }

  /** Bound to the current run: the value may arrive after the next one has started. */
  #sender(): (shown: QueuedOutput) => void {
    const cell = this.#cell;
    const run = this.#run;
    return ({ output, transfer }) => {
      if ("text" in output) this.#characters += output.text.length;
      this.#post({ kind: "output", cell, run, output }, transfer);
    };
  }

  #wait(
    shown: QueuedOutput | Promise<QueuedOutput>,
    send: (shown: QueuedOutput) => void,
    fail: (error: unknown) => Output,
  ): void {
    const before = this.#last;
    const value = Promise.resolve(shown).catch((error: unknown): QueuedOutput => ({ output: fail(error) }));
    this.#waiting++;
    this.#last = (async () => {
      await before;
      send(await value);
      this.#waiting--;
    })();
  }
}
