/** How far a run is, how fast, and how long it will take. */
import type { TrainingControl } from "./control";
import type { Trial } from "./history";
import type { Logs } from "./measures";
import type { Status } from "./pass";

export interface Progress {
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Steps of this epoch that are done. */
  step: number;
  /** Steps of an epoch. */
  steps: number;
  /** Mean over this epoch's rows so far. */
  loss: number;
  /** The values of the last epoch that came to its end; empty before. */
  logs: Logs;
  rowsPerSecond: number;
  stepsPerSecond: number;
  /** An estimate from the rate so far, validation included. */
  secondsLeft: number;
  device: string;
  /** What the device was chosen by, the fastest first; empty where none was. */
  trials: readonly Trial[];
  /** Since the run began. */
  seconds: number;
  state: "running" | "paused" | "ended";
}

export type ProgressListener = (progress: Progress) => void;

/** Called when a run begins: gives what listens to its progress. */
export type RunListener = (control: TrainingControl) => ProgressListener;

let everyRun: RunListener | undefined;

/** Lets a session show every run, beside the run's own callbacks. */
export function setRunListener(listener: RunListener | undefined): void {
  everyRun = listener;
}

/** What listens to a run beside its callbacks. */
export function listenersOf(control: TrainingControl): ProgressListener[] {
  return everyRun ? [everyRun(control)] : [];
}

/** As often as somebody reads a changing number. */
const everyMs = 250;
/** The rate is that of the last so many milliseconds. */
const windowMs = 3000;

/** What a run is made of. */
export interface Extent {
  readonly firstEpoch: number;
  readonly epochs: number;
  /** Of an epoch. */
  readonly steps: number;
  readonly rows: number;
  readonly device: string;
  readonly trials: readonly Trial[];
}

/** Makes progress of what a run notes. */
export class ProgressMeter {
  private last: Progress;
  private lastTold = -Infinity;
  /** When how many steps of the run were done: a window that slides. */
  private samples: { at: number; steps: number }[] = [];
  private stepsDone = 0;
  private epochAt: number;
  private rowsInEpoch = 0;
  private stepsInEpoch = 0;
  private readonly startedAt = performance.now();

  constructor(
    private readonly extent: Extent,
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

  /** The run is held. */
  pause(): void {
    this.send("paused");
  }

  /** It begins, or goes on: the time up to now does not count. */
  restart(at: number): void {
    this.samples = [{ at, steps: this.stepsDone }];
    this.lastTold = -Infinity;
  }

  /** The epoch's values are there. */
  endEpoch(logs: Logs): void {
    this.last = { ...this.last, logs };
  }

  note({ lossSum, rows, steps, at }: Status): void {
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
    if (at - this.lastTold < everyMs) return;
    this.lastTold = at;
    this.send("running");
  }

  /** As `note`, where each step is an epoch. */
  noteEpochs(status: Status): void {
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
