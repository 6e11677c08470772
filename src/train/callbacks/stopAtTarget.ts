import type { Callback } from "../callback";
import { type Mode, Monitor } from "../monitor";

export interface StopAtTargetOptions {
  /** A name in the history: "valAccuracy". */
  monitor: string;
  /** Reached when the value is this or better. */
  target: number;
  /** Default "auto". */
  mode?: Mode;
}

/** Stops after the first epoch in which a value of the history reaches a target. */
export function stopAtTarget({ monitor: name, target, mode = "auto" }: StopAtTargetOptions): Callback {
  const monitor = new Monitor("stopAtTarget()", name, mode);
  return {
    onEpochEnd(_, logs, control) {
      const value = monitor.valueIn(logs);
      if (monitor.gain(value, target) >= 0) control.stop(`stopAtTarget(): ${name} ${value}`);
    },
  };
}
