import type { Callback } from "../callback";
import { type Mode, Monitor } from "./monitor";

/** Options of `callbacks.stopAtTarget`. */
export interface StopAtTargetOptions {
  /** Name of the value in the history, for example `"valAccuracy"`. */
  monitor: string;
  /** Value at which training stops: an equal or better value reaches it. */
  target: number;
  /**
   * Direction of improvement: `"min"`, `"max"` or `"auto"`. Defaults to `"auto"`, which minimizes names that end in
   * loss, error or divergence and maximizes all others.
   */
  mode?: Mode;
}

/**
 * Stops training after the first epoch in which a monitored value reaches a target.
 *
 * `mode` defaults to `"auto"`. `history.run.stopped` contains the name and the value that was reached.
 *
 * @returns a callback for the option `callbacks` of `fit`
 * @throws ArgumentError for an unknown mode, and from `fit` for a name that the history does not contain.
 * @example
 * const net = dense(1, { kernelInitializer: initializers.constant(2) });
 * net.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: "meanSquaredError" });
 * const stop = callbacks.stopAtTarget({ monitor: "loss", target: 0.01 });
 * const history = await net.fit([[1], [2]], [[2], [4]], { epochs: 50, callbacks: [stop] });
 * history.run.stopped; // => "stopAtTarget(): loss 0"
 */
export function stopAtTarget({ monitor: name, target, mode = "auto" }: StopAtTargetOptions): Callback {
  const monitor = new Monitor("stopAtTarget()", name, mode);
  return {
    onEpochEnd(_, logs, control) {
      const value = monitor.valueIn(logs);
      if (monitor.gain(value, target) >= 0) control.stop(`stopAtTarget(): ${name} ${value}`);
    },
  };
}
