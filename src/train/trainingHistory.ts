import type { Logs } from "./run/metricSums";

/** Duration of a training step on a device, as measured for `device: "auto"`. */
export interface Trial {
  /** Name of the device. */
  device: string;
  /** Milliseconds per step. */
  msPerStep: number;
}

/** Report on a run of `fit`. */
export interface RunReport {
  /** The device of the run. */
  device: string;
  /** The measurements of `device: "auto"`, the fastest first. Absent if nothing was measured. */
  trials?: Trial[];
  /** Number of finished epochs. */
  epochs: number;
  /** Number of steps: updates of the weights. */
  steps: number;
  /** Duration of the run in seconds. */
  seconds: number;
  /**
   * Why the run ended before its last epoch: the reason of `control.stop()` or the name of an error. Null if it did
   * not.
   */
  stopped: string | null;
}

/**
 * Values of a run by name, one number per finished epoch: `{ loss, accuracy, valLoss, valAccuracy }`. The property
 * `run`, a `RunReport`, is not enumerable.
 */
export type History = Record<string, number[]> & {
  /** Report on the run: device, epochs, steps, seconds and why it stopped. */
  readonly run: RunReport;
};

export function newHistory(device: string): History {
  const run: RunReport = { device, epochs: 0, steps: 0, seconds: 0, stopped: null };
  return Object.defineProperty({}, "run", { value: run }) as History;
}

/** Returns the name of a metric on the validation rows: `valLoss`. */
export function validationName(name: string): string {
  return `val${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Appends the values of an epoch. */
export function addEpoch(history: History, logs: Logs): void {
  history.run.epochs++;
  for (const [name, value] of Object.entries(logs)) (history[name] ??= []).push(value);
}
