/** The training loop: epochs of recorded steps, validation, callbacks. */
import { ArgumentError } from "../base/errors";
import type { Block } from "../nn/block";
import type { TensorData } from "../tensor/creation";
import { stream } from "../tensor/stream";
import type { Operand, Tensor } from "../tensor/tensor";
import { weightsOfRows } from "./classWeights";
import { compiledOf } from "./compiled";
import { TrainingControl } from "./control";
import { type CheckedOptions, checkFitOptions, type FitOptions } from "./fitOptions";
import { type History, newHistory } from "./history";
import { countRows, deviceFor, type Inputs, type Rows, rowsOf, toTensor } from "./tables";
import { TrainingRun } from "./trainingRun";

/** Blocks that are in training now. */
const busy = new WeakSet<Block>();

/** How many of the rows are trained with: the first ones. */
function trainedRows(count: number, validationSplit: number): number {
  const rows = Math.floor(count * (1 - validationSplit));
  if (rows > 0 && (validationSplit === 0 || rows < count)) return rows;
  throw new ArgumentError({
    at: "fit() validationSplit",
    expected: "a part that leaves rows on both sides",
    got: `${validationSplit} of ${count} rows`,
  });
}

async function rowWeights(
  { classWeight, sampleWeight }: CheckedOptions,
  { yTrue, count }: Rows,
): Promise<Tensor | undefined> {
  if (classWeight) return weightsOfRows(yTrue, classWeight);
  if (!sampleWeight) return undefined;
  const weights = toTensor(sampleWeight, yTrue.device).cast("float32");
  countRows("fit()", [
    ["X", yTrue],
    ["sampleWeight", weights],
  ]);
  return weights.reshape([count]);
}

/**
 * Trains a compiled block on rows: `epochs` times over all of them, in batches.
 * The block is built by the first batch. Its forward is recorded once for each
 * size of batch and then replayed on its device, where the rows, their order and
 * all sums stay; a forward that reads values runs anew at every step.
 * @returns the values of each epoch: `{ loss, valLoss, accuracy, valAccuracy, ... }`;
 *   the loss is the mean over all rows, as in Keras.
 * @throws ArgumentError before `compile`; ShapeError for what does not fit; Cancelled
 *   after Stop; NotFiniteError naming the layer, with the weights as they were before that step.
 */
export async function fit(net: Block, x: Inputs, y: Operand | TensorData, given: FitOptions = {}): Promise<History> {
  const options = checkFitOptions(given);
  const compiled = compiledOf(net, "fit()");
  const device = deviceFor(net, x);
  const rows = rowsOf("fit()", x, y, device);
  const trained = trainedRows(rows.count, options.validationSplit);
  const validation = options.validationData && rowsOf("fit() validationData", ...options.validationData, device);
  const control = options.control ?? new TrainingControl();
  const history = newHistory(device);
  begin(net, control, history);
  try {
    const sampleWeight = rowWeights(options, rows);
    const orderKey = options.shuffle ? stream.next() : undefined;
    const request = { net, compiled, control, history, rows, trained, validation, sampleWeight, orderKey, options };
    await new TrainingRun(request).run();
    return history;
  } finally {
    control.end();
    busy.delete(net);
  }
}

function begin(net: Block, control: TrainingControl, history: History): void {
  if (busy.has(net)) {
    const got = `${net.label} in another fit()`;
    throw new ArgumentError({ at: "fit()", expected: "a block that is not in training", got });
  }
  control.begin(net, history);
  busy.add(net);
}
