import { ArgumentError } from "../base/errors";
import { checkOptions } from "../base/checkOptions";
import type { TensorData } from "../tensor/creation";
import type { Operand } from "../tensor/tensor";
import type { Callback } from "./callback";
import type { TrainingControl } from "./control";
import type { Inputs } from "./tables";

export interface FitOptions {
  /** How often all rows are gone over. Default 1. */
  epochs?: number;
  /** Default 32. The last batch of an epoch may be smaller. */
  batchSize?: number;
  /** Draws another order of the rows for each epoch. Default true. */
  shuffle?: boolean;
  /** The part of the rows, from the end and before they are shuffled, that is kept to validate with. Default 0. */
  validationSplit?: number;
  /** Rows to validate with, in place of a split: `[X, y]`. */
  validationData?: readonly [Inputs, Operand | TensorData];
  /** How much each class counts in the loss: `{ 0: 1, 1: 10 }`, by class number; 1 where it is left out. */
  classWeight?: Readonly<Record<number, number>> | readonly number[];
  /** How much each row counts in the loss: [rows]. */
  sampleWeight?: Operand | TensorData;
  callbacks?: readonly Callback[];
  /** A handle to pause, resume and stop the run from elsewhere. */
  control?: TrainingControl;
  /**
   * Where to train: the block is moved there, and stays. "auto" takes a few steps on the first GPU and on `CPU:0`,
   * and chooses the faster; `history.run` says which and why. Default: where the block is, else where X is.
   */
  device?: string;
  /** Epochs up to this one count as done: numbers, order and schedule go on from there. Default 0. */
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

/** With every default filled in. */
export type CheckedOptions = ReturnType<typeof checkFitOptions>;

function checkWhole(at: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new ArgumentError({ at: `${at} ${name}`, expected: `a whole number >= ${least}`, got: String(value) });
}

export function checkBatchSize(at: string, batchSize: number): void {
  checkWhole(at, "batchSize", batchSize, 1);
}

/** The options with their defaults. @throws ArgumentError for a value out of its range, and for an unknown name. */
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
