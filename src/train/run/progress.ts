/** Progress of a run: position, speed and estimated time left. */
import type { TrainingControl } from "../control";
import type { Trial } from "../trainingHistory";
import type { StepStatus } from "./batchLoop";
import type { Logs } from "./metricSums";

/** State of a run, passed to `onProgress`. */
export interface Progress {
  /** Number of the epoch, counted from 1. */
  epoch: number;
  /** Number of epochs of the run. */
  epochs: number;
  /** Number of finished steps in this epoch. */
  step: number;
  /** Number of steps in an epoch. */
  steps: number;
  /** Mean loss over the rows of this epoch so far. */
  loss: number;
  /** Values of the last finished epoch; empty before the first. */
  logs: Logs;
  rowsPerSecond: number;
  stepsPerSecond: number;
  /** Estimated seconds left, from the recent speed. Validation is included. */
  secondsLeft: number;
  device: string;
  /** Measurements by which the device was chosen, the fastest first; empty if none were made. */
  trials: readonly Trial[];
  /** Seconds since the run began. */
  seconds: number;
  state: "running" | "paused" | "ended";
}

export type ProgressListener = (progress: Progress) => void;

/** Called at the beginning of a run. Returns the listener to its progress. */
export type RunListener = (control: TrainingControl) => ProgressListener;

let everyRun: RunListener | undefined;

/** Sets an observer of every run, in addition to the callbacks of each run. The session displays runs through it. */
export function setRunListener(listener: RunListener | undefined): void {
  everyRun = listener;
}

/** Returns the listeners of a run that are not callbacks. */
export function listenersOf(control: TrainingControl): ProgressListener[] {
  return everyRun ? [everyRun(control)] : [];
}

/** Shortest time between reports: a changing number cannot be read more often. */
const sendIntervalMs = 250;
/** Milliseconds over which the speed is averaged. */
const windowMs = 3000;

/** Size of a run. */
export interface RunExtent {
  readonly firstEpoch: number;
  readonly epochs: number;
  /** Number of steps in an epoch. */
  readonly steps: number;
  readonly rows: number;
  readonly device: string;
  readonly trials: readonly Trial[];
}

/** Computes the progress of a run from its statuses. */
export class ProgressMeter {
  private last: Progress;
  private lastSent = -Infinity;
  /** Sliding window of times and the number of steps finished at each. */
  private samples: { at: number; steps: number }[] = [];
  private stepsDone = 0;
  private epochAt: number;
  private rowsInEpoch = 0;
  private stepsInEpoch = 0;
  private readonly startedAt = performance.now();

  constructor(
    private readonly extent: RunExtent,
    private readonly tell: ProgressListener,
  ) {
    const { firstEpoch, epochs, steps, device, trials } = extent;
    this.epochAt = firstEpoch;
    const rates = { rowsPerSecond: 0, stepsPerSecond: 0, secondsLeft: Infinity };
    this.last = {
      epoch: firstEpoch + 1,
      epochs,
      step: 0,
      steps,
      loss: NaN,
      logs: {},
      ...rates,
      device,
      trials,
      seconds: 0,
      state: "running",
    };
  }

  /** Reports that the run is paused. */
  pause(): void {
    this.send("paused");
  }

  /** Starts the clock at the beginning or after a pause: earlier time does not count. */
  restart(at: number): void {
    this.samples = [{ at, steps: this.stepsDone }];
    this.lastSent = -Infinity;
  }

  /** Stores the values of a finished epoch. */
  endEpoch(logs: Logs): void {
    this.last = { ...this.last, logs };
  }

  note({ lossSum, rows, steps, at }: StepStatus): void {
    if (rows <= this.rowsInEpoch) this.beginEpoch();
    this.rowsInEpoch = rows;
    this.stepsInEpoch = Math.min(this.stepsInEpoch + steps, this.extent.steps);
    this.stepsDone += steps;
    this.samples.push({ at, steps: this.stepsDone });
    while (this.samples.length > 2 && this.samples[1]!.at < at - windowMs) this.samples.shift();
    this.last = {
      ...this.last,
      epoch: this.epochAt + 1,
      step: this.stepsInEpoch,
      loss: lossSum / rows,
      ...this.rates(at),
    };
    if (at - this.lastSent < sendIntervalMs) return;
    this.lastSent = at;
    this.send("running");
  }

  /** Like `note`, for chunks in which each step is an epoch. */
  noteEpochs(status: StepStatus): void {
    this.epochAt += status.steps - 1;
    this.note(status);
  }

  end(): void {
    this.last = { ...this.last, secondsLeft: 0 };
    this.send("ended");
  }

  private beginEpoch(): void {
    this.epochAt++;
    this.rowsInEpoch = 0;
    this.stepsInEpoch = 0;
  }

  private rates(at: number): Pick<Progress, "rowsPerSecond" | "stepsPerSecond" | "secondsLeft"> {
    const { firstEpoch, epochs, steps, rows } = this.extent;
    const [first] = this.samples;
    const seconds = (at - first!.at) / 1000;
    const stepsPerSecond = seconds > 0 ? (this.stepsDone - first!.steps) / seconds : 0;
    const left = (epochs - firstEpoch) * steps - this.stepsDone;
    return {
      stepsPerSecond,
      rowsPerSecond: (stepsPerSecond * rows) / steps,
      secondsLeft: stepsPerSecond > 0 ? left / stepsPerSecond : Infinity,
    };
  }

  private send(state: Progress["state"]): void {
    this.last = { ...this.last, state, seconds: (performance.now() - this.startedAt) / 1000 };
    this.tell(this.last);
  }
}
