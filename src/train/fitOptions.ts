import { checkOptions } from "../base/checkOptions";
import { ArgumentError } from "../base/errors";
import type { TensorData } from "../tensor/creation";
import type { Operand } from "../tensor/tensor";
import type { Callback } from "./callback";
import type { TrainingControl } from "./control";
import type { Inputs } from "./run/tables";

/** Options of `Block.fit`. */
export interface FitOptions {
  /** Number of passes over the rows; with `initialEpoch`, the number of the epoch to end at. Defaults to 1. */
  epochs?: number;
  /** Rows per batch. Defaults to 32. The last batch of an epoch may be smaller. */
  batchSize?: number;
  /** True to draw a new random order of the rows for each epoch. Defaults to true. */
  shuffle?: boolean;
  /**
   * Fraction of the rows, 0 <= `validationSplit` < 1, that is set aside for validation. These are the last rows,
   * selected before shuffling. Defaults to 0.
   */
  validationSplit?: number;
  /** Rows for validation, as `[X, y]`. Excludes `validationSplit`. Defaults to none. */
  validationData?: readonly [Inputs, Operand | TensorData];
  /**
   * Weight of each class in the training loss, by class number: `{ 0: 1, 1: 10 }`. A class that is not listed has
   * weight 1. Excludes `sampleWeight`. Defaults to none.
   */
  classWeight?: Readonly<Record<number, number>> | readonly number[];
  /** Weight of each row in the training loss: `[rows]`. Excludes `classWeight`. Defaults to none. */
  sampleWeight?: Operand | TensorData;
  /**
   * Callbacks, called in this order. Defaults to none.
   * @see Callback
   */
  callbacks?: readonly Callback[];
  /**
   * Handle that pauses, resumes, steps and stops the run from elsewhere. Defaults to a new one.
   * @see trainingControl
   */
  control?: TrainingControl;
  /**
   * Device to train on: `"CPU:0"`, `"GPU:0"` or `"auto"`. The block is moved to it and stays there. `"auto"` measures a
   * few steps on the first GPU and on `CPU:0` and selects the faster; `history.run` contains the measurements. Defaults
   * to the device of the block's weights, or, if it has none yet, that of X.
   */
  device?: string;
  /** Number of epochs that count as done: epoch numbers and the orders of the rows continue from it. Defaults to 0. */
  initialEpoch?: number;
}

const fitOptions: readonly (keyof FitOptions)[] = [
  "epochs",
  "batchSize",
  "shuffle",
  "validationSplit",
  "validationData",
  "classWeight",
  "sampleWeight",
  "callbacks",
  "control",
  "device",
  "initialEpoch",
];

/** The options of `fit` with their defaults filled in. */
export type CheckedOptions = ReturnType<typeof checkFitOptions>;

function checkWhole(at: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new ArgumentError({ at: `${at} ${name}`, expected: `a whole number >= ${least}`, got: String(value) });
}

export function checkBatchSize(at: string, batchSize: number): void {
  checkWhole(at, "batchSize", batchSize, 1);
}

/**
 * Fills in the defaults.
 * @throws ArgumentError for a value out of range, an unknown name, and options that exclude each other.
 */
export function checkFitOptions(given: FitOptions) {
  checkOptions("fit()", given, fitOptions);
  const { epochs = 1, batchSize = 32, shuffle = true, validationSplit = 0, initialEpoch = 0, ...rest } = given;
  const { validationData, classWeight, sampleWeight, callbacks = [], control, device } = rest;
  checkWhole("fit()", "epochs", epochs, 0);
  checkWhole("fit()", "initialEpoch", initialEpoch, 0);
  checkBatchSize("fit()", batchSize);
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new ArgumentError({
      at: "fit() validationSplit",
      expected: "a number >= 0 and < 1",
      got: String(validationSplit),
    });
  }
  if (validationData && validationSplit > 0) {
    throw new ArgumentError({ at: "fit()", expected: "validationSplit or validationData", got: "both" });
  }
  if (classWeight && sampleWeight) {
    throw new ArgumentError({ at: "fit()", expected: "classWeight or sampleWeight", got: "both" });
  }
  const plain = { epochs, batchSize, shuffle, validationSplit, initialEpoch };
  return { ...plain, validationData, classWeight, sampleWeight, callbacks, control, device };
}
