import { untilCancelled } from "../base/cancel";
import { ArgumentError } from "../base/errors";
import type { Block } from "../nn/block/block";
import type { History } from "./trainingHistory";

/** State of a `TrainingControl`: waiting for `fit`, running, paused, or ended. */
export type TrainingState = "waiting" | "running" | "paused" | "ended";

/**
 * Handle that pauses, resumes, steps and stops a run of `fit` while it is in progress. Pass it to `fit` as the option
 * `control`. Steps that are already queued finish first.
 *
 * Create it with `trainingControl()`. One control serves one run. Calls before `fit` take effect when the run begins.
 *
 * @example
 * const net = dense(1);
 * net.compile({ loss: "meanSquaredError" });
 * const control = trainingControl();
 * control.pause();
 * const run = net.fit([[1], [2]], [[2], [4]], { epochs: 3, control });
 * await control.whenPaused();
 * control.state; // => "paused"
 * control.resume();
 * (await run).loss.length; // => 3
 */
export class TrainingControl {
  /** The block in training; undefined before `fit`. */
  net: Block | undefined;
  /** The history of the run, with one value per finished epoch; undefined before `fit`. */
  history: History | undefined;
  private now: TrainingState = "waiting";
  /** Number of steps that may still be queued. */
  private budget = Infinity;
  private untilEpochEnd = false;
  private stopReason: string | undefined;
  private wake: () => void = () => {};
  private waiting: (() => void)[] = [];

  /** State of the run: `"waiting"`, `"running"`, `"paused"` or `"ended"`. */
  get state(): TrainingState {
    return this.now;
  }

  /** The reason passed to `stop()`; undefined until then. */
  get stopping(): string | undefined {
    return this.stopReason;
  }

  /**
   * Pauses the run after the steps that are already queued. `whenPaused` resolves once they have finished.
   * @example
   * const control = trainingControl();
   * control.pause();
   * const net = dense(1);
   * net.compile({ loss: "meanSquaredError" });
   * const run = net.fit([[1], [2]], [[2], [4]], { control });
   * await control.whenPaused();
   * control.state; // => "paused"
   * control.resume();
   * (await run).run.epochs; // => 1
   */
  pause(): void {
    this.allow(0);
  }

  /**
   * Resumes a paused run.
   * @example
   * const control = trainingControl();
   * control.pause();
   * const net = dense(1);
   * net.compile({ loss: "meanSquaredError" });
   * const run = net.fit([[1], [2]], [[2], [4]], { epochs: 2, control });
   * await control.whenPaused();
   * control.resume();
   * (await run).run.epochs; // => 2
   */
  resume(): void {
    this.allow(Infinity);
  }

  /**
   * Lets a paused run take `steps` steps, then pauses it again. A run that is not paused takes that many more steps
   * before it pauses.
   * @param steps defaults to 1
   * @example
   * const control = trainingControl();
   * control.step(2);
   * const net = dense(1);
   * net.compile({ loss: "meanSquaredError" });
   * const run = net.fit([[1], [2]], [[2], [4]], { epochs: 9, control });
   * await control.whenPaused();
   * control.stop();
   * (await run).run.steps; // => 2
   */
  step(steps = 1): void {
    this.allow((Number.isFinite(this.budget) ? this.budget : 0) + steps);
  }

  /**
   * Lets the run continue to the end of its epoch, including validation, then pauses it.
   * @example
   * const control = trainingControl();
   * control.stepEpoch();
   * const net = dense(1);
   * net.compile({ loss: "meanSquaredError" });
   * const run = net.fit([[1], [2]], [[2], [4]], { epochs: 9, batchSize: 1, control });
   * await control.whenPaused();
   * control.stop();
   * (await run).run.steps; // => 2
   */
  stepEpoch(): void {
    this.allow(Infinity, true);
  }

  /**
   * Stops the run after the steps that are already queued. `fit` then resolves to the history so far.
   * @param reason appears in `history.run.stopped`; defaults to `"stop()"`. Only the first reason counts.
   * @example
   * const control = trainingControl();
   * const net = dense(1);
   * net.compile({ loss: "meanSquaredError" });
   * const run = net.fit([[1], [2]], [[2], [4]], { epochs: 1000000, control });
   * control.stop("enough");
   * (await run).run.stopped; // => "enough"
   */
  stop(reason = "stop()"): void {
    this.stopReason ??= reason;
    this.goOn();
  }

  /**
   * Resolves once the run is paused or has ended and no step is queued any more.
   * @example
   * const control = trainingControl();
   * control.step();
   * const net = dense(1);
   * net.compile({ loss: "meanSquaredError" });
   * const run = net.fit([[1], [2]], [[2], [4]], { epochs: 9, control });
   * await control.whenPaused();
   * control.history.loss.length; // => 1
   * control.stop();
   * await run;
   */
  whenPaused(): Promise<void> {
    if (this.now === "paused" || this.now === "ended") return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /**
   * Marks the start of a run; called by `fit`.
   * @throws ArgumentError if the control already belongs to a run.
   */
  begin(net: Block, history: History): void {
    if (this.now !== "waiting") {
      throw new ArgumentError({
        at: "fit() control",
        expected: "an unused control",
        got: "one that belongs to another run",
      });
    }
    this.net = net;
    this.history = history;
    this.now = "running";
  }

  /**
   * Returns how many of `most` steps may be queued now, waiting while the run is paused; 0 after `stop()`. Called by
   * `fit`.
   * @param inEpoch how many of them belong to the current epoch
   * @param drain waits for the steps that are queued
   */
  async permit(most: number, inEpoch: number, drain: () => Promise<void>): Promise<number> {
    while (this.budget === 0 && this.stopReason === undefined) {
      await drain();
      // The run may have been resumed in the meantime.
      if (this.budget === 0 && this.stopReason === undefined) await this.rest();
    }
    if (this.stopReason !== undefined) return 0;
    const allowed = Math.min(most, this.budget, this.untilEpochEnd ? inEpoch : Infinity);
    this.budget -= allowed;
    return allowed;
  }

  /** Pauses the run if `stepEpoch` requested it. Called by `fit`. */
  endEpoch(): void {
    if (this.untilEpochEnd) this.pause();
  }

  /** Marks the end of the run. Called by `fit`. */
  end(): void {
    this.become("ended");
  }

  private async rest(): Promise<void> {
    const awake = new Promise<void>((resolve) => (this.wake = resolve));
    this.become("paused");
    await untilCancelled(awake);
  }

  private allow(budget: number, untilEpochEnd = false): void {
    this.budget = budget;
    this.untilEpochEnd = untilEpochEnd;
    if (budget > 0) this.goOn();
  }

  private goOn(): void {
    if (this.now === "paused") this.now = "running";
    this.wake();
  }

  private become(state: TrainingState): void {
    this.now = state;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/**
 * Returns a new control for one run of `fit`: it pauses, resumes, steps and stops that run from another cell or a
 * callback.
 *
 * @see TrainingControl
 * @example
 * const net = dense(1);
 * net.compile({ loss: "meanSquaredError" });
 * const control = trainingControl();
 * const stopEarly = { onEpochEnd: (epoch) => void (epoch === 1 && control.stop("enough")) };
 * const history = await net.fit([[1], [2]], [[2], [4]], { epochs: 9, control, callbacks: [stopEarly] });
 * history.loss.length; // => 2
 * history.run.stopped; // => "enough"
 * control.state; // => "ended"
 */
export function trainingControl(): TrainingControl {
  return new TrainingControl();
}
