/** The training loop: epochs of recorded steps, validation, callbacks. */
import { ArgumentError } from "../base/errors";
import { device as deviceNamed } from "../device/open";
import type { Block } from "../nn/block";
import type { TensorData } from "../tensor/creation";
import { stream } from "../tensor/stream";
import type { Operand, Tensor } from "../tensor/tensor";
import { weightsOfRows } from "./classWeights";
import { chooseDevice } from "./chooseDevice";
import { type Compiled, compiledOf } from "./compiled";
import { TrainingControl } from "./control";
import { type CheckedOptions, checkFitOptions, type FitOptions } from "./fitOptions";
import { type History, newHistory, type RunReport } from "./history";
import { listenersOf } from "./progress";
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
  const { device: wanted = "auto" } = options;
  const here = wanted === "auto" ? deviceFor(net, x) : deviceNamed(wanted);
  const rows = rowsOf("fit()", x, y, here);
  const trained = trainedRows(rows.count, options.validationSplit);
  const validation = options.validationData && rowsOf("fit() validationData", ...options.validationData, here);
  const control = options.control ?? new TrainingControl();
  const history = newHistory(here);
  begin(net, control, history);
  const listeners = listenersOf(control);
  try {
    const orderKey = options.shuffle ? stream.next() : undefined;
    const { device } = await settle(net, compiled, rows, options, history);
    const onDevice = { rows: moved(rows, device), validation: validation && moved(validation, device) };
    const sampleWeight = rowWeights(options, onDevice.rows);
    const request = { net, compiled, control, history, ...onDevice, trained, sampleWeight, orderKey, options };
    await new TrainingRun(request, listeners).run();
    return history;
  } finally {
    control.end();
    busy.delete(net);
  }
}

/** Moves the block to where it is to be trained, and notes that. */
async function settle(
  net: Block,
  compiled: Compiled,
  rows: Rows,
  { device, batchSize }: CheckedOptions,
  { run }: History,
): Promise<RunReport> {
  if (device === "auto") {
    const { device: chosen, trials } = await chooseDevice(net, compiled, rows, batchSize);
    return Object.assign(run, { device: chosen, trials });
  }
  if (device !== undefined) net.to(run.device);
  return run;
}

function moved({ inputs, yTrue, count }: Rows, device: string): Rows {
  return { inputs: inputs.map((input) => input.to(device)), yTrue: yTrue.to(device), count };
}

function begin(net: Block, control: TrainingControl, history: History): void {
  if (busy.has(net)) {
    const got = `${net.label} in another fit()`;
    throw new ArgumentError({ at: "fit()", expected: "a block that is not in training", got });
  }
  control.begin(net, history);
  busy.add(net);
}
