/** How far a run is, how fast, and how long it will take. */
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
  rowsPerSecond: number;
  stepsPerSecond: number;
  /** An estimate from the rate so far, validation included. */
  secondsLeft: number;
  device: string;
  /** False until the run has ended. */
  ended: boolean;
}

export type ProgressListener = (progress: Progress) => void;

/** Told of every run, beside the run's own callbacks: a session shows it. */
let everyRun: ProgressListener | undefined;

export function setProgressListener(listener: ProgressListener | undefined): void {
  everyRun = listener;
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

  constructor(
    private readonly extent: Extent,
    private readonly tell: ProgressListener,
  ) {
    const { firstEpoch, epochs, steps, device } = extent;
    this.epochAt = firstEpoch;
    const rates = { rowsPerSecond: 0, stepsPerSecond: 0, secondsLeft: Infinity };
    this.last = { epoch: firstEpoch + 1, epochs, step: 0, steps, loss: NaN, ...rates, device, ended: false };
  }

  /** Time up to now does not count: the run was held. */
  restart(at: number): void {
    this.samples = [{ at, steps: this.stepsDone }];
  }

  note({ lossSum, rows, steps, at }: Status): void {
    if (this.samples.length === 0) this.restart(at);
    if (rows <= this.rowsInEpoch) this.beginEpoch();
    this.rowsInEpoch = rows;
    this.stepsInEpoch += steps;
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
    this.send();
  }

  end(): void {
    this.last = { ...this.last, ended: true, secondsLeft: 0 };
    this.send();
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

  private send(): void {
    this.tell(this.last);
    everyRun?.(this.last);
  }
}
