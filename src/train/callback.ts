import type { TrainingControl } from "./control";
import type { History } from "./history";
import type { Logs } from "./measures";
import type { Progress } from "./progress";

/**
 * What is called while `fit` runs. Each may be asynchronous and is waited for.
 * `onEpochEnd` needs the epoch's values, so the next epoch waits for them; without
 * it epochs follow each other on the device.
 */
export interface Callback {
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  /** @param epoch from 0 */
  onEpochBegin?(epoch: number, control: TrainingControl): void | Promise<void>;
  /** @param logs `{ loss, valLoss, ... }` of the epoch */
  onEpochEnd?(epoch: number, logs: Logs, control: TrainingControl): void | Promise<void>;
  /** A few times a second, beside the work: nothing waits for it. */
  onProgress?(progress: Progress): void;
  /** However the run ends. */
  onTrainEnd?(history: History, control: TrainingControl): void | Promise<void>;
}
