/** The entry point of training: checks arguments, chooses a device and starts a run. */
import { ArgumentError } from "../base/errors";
import { device as deviceNamed } from "../device/open";
import type { Block } from "../nn/block/block";
import type { TensorData } from "../tensor/creation";
import { stream } from "../tensor/stream";
import type { Operand, Tensor } from "../tensor/tensor";
import { TrainingControl } from "./control";
import { type CheckedOptions, checkFitOptions, type FitOptions } from "./fitOptions";
import { weightsOfRows } from "./run/classWeights";
import { listenersOf } from "./run/progress";
import { countRows, deviceFor, type Inputs, type Rows, rowsOf, toTensor } from "./run/tables";
import { TrainingRun } from "./run/trainingRun";
import { type TrainingConfig, trainingConfigOf } from "./trainingConfig";
import { type History, newHistory, type RunReport } from "./trainingHistory";

/** Blocks in training. */
const busy = new WeakSet<Block>();

/** Returns how many rows are trained on. They come first; the rest is for validation. */
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
 * Implements `Block.fit`.
 *
 * The forward and the gradient are recorded once per batch size and then replayed. Rows, their order and all sums stay
 * on the device. A forward that reads values is not replayed but executed at every step.
 */
export async function fit(net: Block, x: Inputs, y: Operand | TensorData, given: FitOptions = {}): Promise<History> {
  const options = checkFitOptions(given);
  const config = trainingConfigOf(net, "fit()");
  const { device: wanted = "auto" } = options;
  const here = wanted === "auto" ? deviceFor(net, x) : deviceNamed(wanted);
  const rows = rowsOf("fit()", x, y, here);
  const trained = trainedRows(rows.count, options.validationSplit);
  const validation = options.validationData && rowsOf("fit() validationData", ...options.validationData, here);
  const control = options.control ?? new TrainingControl();
  const history = newHistory(here);
  beginRun(net, control, history);
  const listeners = listenersOf(control);
  try {
    const orderKey = options.shuffle ? stream.next() : undefined;
    const { device } = await chooseRunDevice(net, config, rows, options, history);
    const onDevice = { rows: moveRows(rows, device), validation: validation && moveRows(validation, device) };
    const sampleWeight = rowWeights(options, onDevice.rows);
    const request = { net, config, control, history, ...onDevice, trained, sampleWeight, orderKey, options };
    await new TrainingRun(request, listeners).run();
    return history;
  } finally {
    control.end();
    busy.delete(net);
  }
}

/** Moves the block to the device that trains it, and notes that device in the history. */
async function chooseRunDevice(
  net: Block,
  config: TrainingConfig,
  rows: Rows,
  { device, batchSize }: CheckedOptions,
  { run }: History,
): Promise<RunReport> {
  if (device === "auto") {
    const { chooseDevice } = await import("./run/chooseDevice");
    const { device: chosen, trials } = await chooseDevice(net, config, rows, batchSize);
    return Object.assign(run, { device: chosen, trials });
  }
  if (device !== undefined) net.to(run.device);
  return run;
}

function moveRows({ inputs, yTrue, count }: Rows, device: string): Rows {
  return { inputs: inputs.map((input) => input.to(device)), yTrue: yTrue.to(device), count };
}

function beginRun(net: Block, control: TrainingControl, history: History): void {
  if (busy.has(net)) {
    const got = `${net.label} in another fit()`;
    throw new ArgumentError({ at: "fit()", expected: "a block that is not in training", got });
  }
  control.begin(net, history);
  busy.add(net);
}
