import { untilCancelled } from "../base/cancel";
import { ArgumentError } from "../base/errors";
import type { Block } from "../nn/block";
import type { History } from "./history";

export type TrainingState = "waiting" | "running" | "paused" | "ended";

/**
 * A handle on a run: give it to `fit` as `control`, and pause, resume and stop
 * the run from elsewhere. What is queued already is finished first.
 */
export class TrainingControl {
  /** The block that is trained; undefined before `fit`. */
  net: Block | undefined;
  /** The epochs so far. */
  history: History | undefined;
  private now: TrainingState = "waiting";
  /** Steps that may still be queued. */
  private budget = Infinity;
  private untilEpochEnd = false;
  private stopReason: string | undefined;
  private wake: () => void = () => {};
  private waiting: (() => void)[] = [];

  get state(): TrainingState {
    return this.now;
  }

  /** Why it is to stop; undefined while it is not. */
  get stopping(): string | undefined {
    return this.stopReason;
  }

  /** Holds the run after the steps that are queued. */
  pause(): void {
    this.allow(0);
  }

  /** Lets the run go on. */
  resume(): void {
    this.allow(Infinity);
  }

  /** Lets a paused run take one step, or so many; pauses one that runs after them. */
  step(steps = 1): void {
    this.allow((Number.isFinite(this.budget) ? this.budget : 0) + steps);
  }

  /** Lets the run go on to the end of the epoch, its validation included. */
  stepEpoch(): void {
    this.allow(Infinity, true);
  }

  /** Ends the run after the steps that are queued; `fit` resolves to the history so far. */
  stop(reason = "stop()"): void {
    this.stopReason ??= reason;
    this.goOn();
  }

  /** Resolves when the run is paused or has ended, and nothing of it is queued any more. */
  whenPaused(): Promise<void> {
    if (this.now === "paused" || this.now === "ended") return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** For `fit`: a run begins. @throws ArgumentError if it is another run's. */
  begin(net: Block, history: History): void {
    if (this.now !== "waiting") {
      throw new ArgumentError({ at: "fit() control", expected: "a control of its own", got: "one of another run" });
    }
    this.net = net;
    this.history = history;
    this.now = "running";
  }

  /**
   * For `fit`: how many of `most` steps may be queued now; 0: none any more.
   * @param inEpoch how many of them belong to the same epoch
   */
  async permit(most: number, inEpoch: number, drain: () => Promise<void>): Promise<number> {
    while (this.budget === 0 && this.stopReason === undefined) {
      await drain();
      // It may have been let go meanwhile.
      if (this.budget === 0 && this.stopReason === undefined) await this.rest();
    }
    if (this.stopReason !== undefined) return 0;
    const allowed = Math.min(most, this.budget, this.untilEpochEnd ? inEpoch : Infinity);
    this.budget -= allowed;
    return allowed;
  }

  /** For `fit`. */
  endEpoch(): void {
    if (this.untilEpochEnd) this.pause();
  }

  /** For `fit`. */
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

/** @see TrainingControl */
export function trainingControl(): TrainingControl {
  return new TrainingControl();
}
