import { ArgumentError } from "../../base/errors";
import { outsideScopes } from "../../tensor/scope";
import type { Parameter } from "../../tensor/parameter";
import type { Tensor } from "../../tensor/tensor";
import type { Callback } from "../callback";
import { type Mode, Monitor } from "../monitor";

export interface EarlyStoppingOptions {
  /** Default "valLoss". */
  monitor?: string;
  /** Epochs without improvement that are allowed. Default 0. */
  patience?: number;
  /** An improvement is more than this. Default 0. */
  minDelta?: number;
  /** Default "auto". */
  mode?: Mode;
  /** Puts back the weights of the best epoch when the run ends. Default false. */
  restoreBestWeights?: boolean;
  /** Epochs before which nothing is compared. Default 0. */
  startFromEpoch?: number;
}

function checkCount(name: string, value: number): number {
  if (value >= 0) return value;
  throw new ArgumentError({ at: `earlyStopping() ${name}`, expected: "a number >= 0", got: String(value) });
}

/**
 * Stops when a value of the history no longer improves: after `patience` epochs
 * in a row, and at least one, that are not better than the best by more than
 * `minDelta`. Source: Keras EarlyStopping.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { monitor: name = "valLoss", mode = "auto", restoreBestWeights = false } = options;
  const patience = checkCount("patience", options.patience ?? 0);
  const minDelta = checkCount("minDelta", options.minDelta ?? 0);
  const startFromEpoch = checkCount("startFromEpoch", options.startFromEpoch ?? 0);
  const monitor = new Monitor("earlyStopping()", name, mode);
  let best = NaN;
  let waited = 0;
  let kept: (readonly [Parameter, Tensor])[] = [];

  const forget = () => {
    for (const [, value] of kept) value.dispose();
    kept = [];
  };
  return {
    onTrainBegin() {
      best = NaN;
      waited = 0;
      forget();
    },
    onEpochEnd(epoch, logs, control) {
      const value = monitor.valueIn(logs);
      if (epoch < startFromEpoch) return;
      waited++;
      if (monitor.gain(value, best) > minDelta) {
        best = value;
        waited = 0;
        if (!restoreBestWeights) return;
        forget();
        // Views of their own: the parameters' values are replaced, never written to.
        kept = outsideScopes(() =>
          control.net!.weights.map((weight) => [weight, weight.value.view(weight.shape)] as const),
        );
      } else if (waited >= Math.max(patience, 1)) control.stop(`earlyStopping(): ${name} no better than ${best}`);
    },
    onTrainEnd() {
      for (const [weight, value] of kept) weight.assign(value);
      forget();
    },
  };
}
