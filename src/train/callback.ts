import type { TrainingControl } from "./control";
import type { Logs } from "./run/metricSums";
import type { Progress } from "./run/progress";
import type { History } from "./trainingHistory";

/**
 * Hooks that `fit` calls during a run. All of them are optional. `fit` awaits each one, except `onProgress`.
 *
 * Without `onEpochBegin` and `onEpochEnd`, epochs follow each other on the device without a readback between them.
 * `onEpochEnd` receives the values of the epoch, so the next epoch starts only after they have been read and the
 * callback has finished. An error thrown by a hook ends the run and rejects the promise that `fit` returned.
 *
 * @example
 * const seen = [];
 * const logger = { onEpochEnd: (epoch, logs) => void seen.push(epoch, Math.round(logs.loss * 100)) };
 * const net = dense(1, { kernelInitializer: initializers.constant(1) });
 * net.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: "meanSquaredError" });
 * await net.fit([[1], [2]], [[2], [4]], { epochs: 2, callbacks: [logger] });
 * seen; // => [0, 250, 1, 250]
 */
export interface Callback {
  /** Called once, after the block is built and before the first epoch. */
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  /**
   * Called before the first batch of an epoch.
   * @param epoch counts from 0
   */
  onEpochBegin?(epoch: number, control: TrainingControl): void | Promise<void>;
  /**
   * Called after an epoch and its validation.
   * @param epoch counts from 0
   * @param logs the values of this epoch: `{ loss, accuracy, valLoss, valAccuracy }`
   */
  onEpochEnd?(epoch: number, logs: Logs, control: TrainingControl): void | Promise<void>;
  /** Called at most four times a second with the state of the run. `fit` does not wait for it. */
  onProgress?(progress: Progress): void;
  /**
   * Called once after `onTrainBegin`, however the run ends: at its last epoch, stopped, or by an error, which `fit`
   * then throws. `history.run.stopped` contains the reason, or null at the last epoch.
   */
  onTrainEnd?(history: History, control: TrainingControl): void | Promise<void>;
}
