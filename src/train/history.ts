import type { Logs } from "./measures";

/** How long a device took for a step. */
export interface Trial {
  device: string;
  msPerStep: number;
}

/** How a run went. */
export interface RunReport {
  /** Where it ran. It does not change during a run. */
  device: string;
  /** What `device: "auto"` measured, the fastest first; absent where nothing was. */
  trials?: Trial[];
  /** Epochs that came to their end. */
  epochs: number;
  /** Updates of the weights. */
  steps: number;
  seconds: number;
  /** Why it ended before its last epoch; null if it did not. */
  stopped: string | null;
}

/** `{ loss, valLoss, accuracy, valAccuracy }`: arrays by epoch. How the run went is in `run`, which is not enumerable. */
export type History = Record<string, number[]> & { readonly run: RunReport };

export function newHistory(device: string): History {
  const run: RunReport = { device, epochs: 0, steps: 0, seconds: 0, stopped: null };
  return Object.defineProperty({}, "run", { value: run }) as History;
}

/** A metric's name on the validation rows: `valLoss`. */
export function validationName(name: string): string {
  return `val${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Adds an epoch. */
export function addEpoch(history: History, logs: Logs): void {
  history.run.epochs++;
  for (const [name, value] of Object.entries(logs)) (history[name] ??= []).push(value);
}
