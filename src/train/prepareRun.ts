/** Prepares a run: tables, measures, recorded steps and validation. */
import type { Block } from "../nn/block";
import type { Key } from "../base/random";
import type { Tensor } from "../tensor/tensor";
import type { Compiled } from "./compiled";
import type { TrainingControl } from "./control";
import { Evaluation } from "./evaluation";
import type { CheckedOptions } from "./fitOptions";
import type { Flight } from "./flight";
import type { Guard } from "./guard";
import type { History } from "./history";
import type { Measures } from "./measures";
import { joinable, JoinedEpochs } from "./joinedEpochs";
import { Pass } from "./pass";
import type { StepParts } from "./steps";
import { type Rows, Tables } from "./tables";
import { tryOut } from "./tryOut";

/** A call of `fit`: block, rows and options. */
export interface RunRequest {
  readonly net: Block;
  readonly compiled: Compiled;
  readonly control: TrainingControl;
  readonly history: History;
  readonly rows: Rows;
  /** Number of rows to train on, from the first. Those after them are for validation. */
  readonly trained: number;
  /** Separate rows for validation. */
  readonly validation: Rows | undefined;
  readonly sampleWeight: Promise<Tensor | undefined>;
  /** Key for the order of the rows in each epoch; undefined to keep the rows in place. */
  readonly orderKey: Key | undefined;
  readonly options: CheckedOptions;
}

/** The prepared parts of a run. */
export interface RunParts {
  readonly tables: Tables;
  /** Steps of one epoch. Absent if epochs are joined. */
  readonly pass?: Pass;
  /** Chunks of epochs. Present if nothing observes an epoch before the next one begins. */
  readonly joined?: JoinedEpochs | undefined;
  readonly measures: Measures;
  readonly evaluation: Evaluation | undefined;
}

/** Registers an object that is disposed when the run ends, even if preparing it fails. */
export type Own = <X extends { dispose(): void }>(one: X) => X;

export async function prepareRun(request: RunRequest, guard: Guard, flight: Flight, own: Own): Promise<RunParts> {
  const { net, compiled, rows, trained, sampleWeight, options } = request;
  const { batchSize } = options;
  const tables = own(new Tables(rows, await sampleWeight));
  const measures = own(await tryOut("fit()", net, compiled, tables, 0, Math.min(batchSize, trained)));
  const training = { optimizer: compiled.optimizer, guard };
  const parts = { at: "fit()", net, loss: compiled.loss, tables, measures, training };
  const joined = await prepareJoined(request, parts);
  if (joined) return { tables, joined: own(joined), measures, evaluation: undefined };
  const pass = own(await Pass.prepare(parts, { first: 0, rows: trained, batchSize }, flight));
  return { tables, pass, measures, evaluation: await prepareValidation(request, tables, flight, own) };
}

async function prepareJoined(
  { rows, trained, validation, orderKey, options }: RunRequest,
  parts: StepParts,
): Promise<JoinedEpochs | undefined> {
  const { batchSize, callbacks, epochs, initialEpoch } = options;
  const isWatched = callbacks.some(({ onEpochBegin, onEpochEnd }) => onEpochBegin ?? onEpochEnd);
  if (isWatched || validation || trained < rows.count || trained > batchSize) return undefined;
  const most = joinable(trained, epochs - initialEpoch);
  return most > 1 ? JoinedEpochs.prepare(parts, trained, most, orderKey !== undefined) : undefined;
}

/** Prepares the validation on the rows after the training rows, or on separate rows. */
async function prepareValidation(
  { net, compiled, rows, trained, validation, options }: RunRequest,
  shared: Tables,
  flight: Flight,
  own: Own,
): Promise<Evaluation | undefined> {
  const { batchSize } = options;
  const evaluate = async (tables: Tables, first: number, count: number) =>
    own(await Evaluation.prepare("fit() validation", net, compiled, tables, { first, rows: count, batchSize }, flight));
  if (trained < rows.count) return evaluate(shared, trained, rows.count - trained);
  if (!validation) return undefined;
  return evaluate(own(new Tables(validation)), 0, validation.count);
}
