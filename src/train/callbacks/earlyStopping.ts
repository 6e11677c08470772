import { ArgumentError } from "../../base/errors";
import type { Parameter } from "../../tensor/parameter";
import { outsideScopes } from "../../tensor/scope";
import type { Tensor } from "../../tensor/tensor";
import type { Callback } from "../callback";
import { type Mode, Monitor } from "./monitor";

/** Options of `callbacks.earlyStopping`. */
export interface EarlyStoppingOptions {
  /** Name of the value in the history. Defaults to `"valLoss"`, which needs validation rows. */
  monitor?: string;
  /** Number of consecutive epochs without improvement after which the run stops. Defaults to 0, which acts as 1. */
  patience?: number;
  /** Smallest change that counts as an improvement; a change of exactly this size does not count. Defaults to 0. */
  minDelta?: number;
  /**
   * Direction of improvement: `"min"`, `"max"` or `"auto"`. Defaults to `"auto"`, which minimizes names that end in
   * loss, error or divergence and maximizes all others.
   */
  mode?: Mode;
  /** Restores the weights of the best epoch when the run ends. Defaults to false. */
  restoreBestWeights?: boolean;
  /** Number of epochs at the start that are ignored. Defaults to 0. */
  startFromEpoch?: number;
}

function checkCount(name: string, value: number): number {
  if (value >= 0) return value;
  throw new ArgumentError({ at: `earlyStopping() ${name}`, expected: "a number >= 0", got: String(value) });
}

/**
 * Stops training when a monitored value no longer improves: after `patience` consecutive epochs, and at least one, in
 * which it was not better than the best value so far by more than `minDelta`.
 *
 * `monitor` defaults to `"valLoss"`, `patience` to 0, `minDelta` to 0, `mode` to `"auto"`, `restoreBestWeights` to
 * false and `startFromEpoch` to 0. NaN is worse than any number. `history.run.stopped` contains the reason.
 *
 * @returns a callback for the option `callbacks` of `fit`. It can be used for several runs, one after another.
 * @throws ArgumentError for a negative number or an unknown mode, and from `fit` for a name that the history does not
 * contain.
 * @see Keras, `EarlyStopping`
 * @example
 * const net = dense(1);
 * net.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: "meanSquaredError" });
 * const stop = callbacks.earlyStopping({ monitor: "loss", patience: 2 });
 * const history = await net.fit([[1], [2]], [[2], [4]], { epochs: 50, callbacks: [stop] });
 * history.run.epochs; // => 3
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
        // Separate views suffice: a parameter's value is replaced by another tensor and never written to.
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
