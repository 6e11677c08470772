import type { TrainingAction } from "../../protocol/protocol";
import { truncate, maxName, maxProgressValues } from "../../protocol/sizes";
import type { TrainingControl } from "../../train/control";
import { setRunListener } from "../../train/run/progress";
import type { OutputQueue } from "../show/outputQueue";

/** Tracks the active runs of `fit`: each shows its progress under its cell and obeys requests of the page. */
export class RunMonitor {
  readonly #controls = new Map<number, TrainingControl>();
  #last = 0;

  /** Shows every run from now on. */
  attach(outputs: OutputQueue): void {
    setRunListener((control) => {
      const training = ++this.#last;
      const send = outputs.live();
      this.#controls.set(training, control);
      return ({ logs, ...progress }) => {
        const values = Object.entries(logs).slice(0, maxProgressValues);
        const named = Object.fromEntries(values.map(([name, value]) => [truncate(name, maxName), value]));
        send({ type: "progress", training, progress: { ...progress, logs: named } });
        if (progress.state === "ended") this.#controls.delete(training);
      };
    });
  }

  /** False if the run has ended. */
  act(training: number, action: TrainingAction): boolean {
    const control = this.#controls.get(training);
    control?.[action]();
    return control !== undefined;
  }
}
