/** Prepares a run: tables, measures, recorded steps and validation. */
import type { Key } from "../../base/randomKeys";
import type { Block } from "../../nn/block/block";
import type { Tensor } from "../../tensor/tensor";
import type { TrainingControl } from "../control";
import { validateModel } from "../diagnose/validateModel";
import type { CheckedOptions } from "../fitOptions";
import type { TrainingConfig } from "../trainingConfig";
import type { History } from "../trainingHistory";
import type { AllFiniteCheck } from "./allFiniteCheck";
import { BatchLoop } from "./batchLoop";
import type { StepContext } from "./batchSteps";
import { CompiledEvaluation } from "./compiledEvaluation";
import type { InFlightQueue } from "./inFlightQueue";
import { maxJoinedEpochs, JoinedEpochs } from "./joinedEpochs";
import type { MetricSums } from "./metricSums";
import { type Rows, Tables } from "./tables";

/** A call of `fit`: block, rows and options. */
export interface RunRequest {
  readonly net: Block;
  readonly config: TrainingConfig;
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
  readonly batchLoop?: BatchLoop;
  /** Chunks of epochs. Present if nothing observes an epoch before the next one begins. */
  readonly joined?: JoinedEpochs | undefined;
  readonly measures: MetricSums;
  readonly evaluation: CompiledEvaluation | undefined;
}

/** Registers an object that is disposed when the run ends, even if preparing it fails. */
export type TrackDisposable = <X extends { dispose(): void }>(one: X) => X;

export async function prepareRun(
  request: RunRequest,
  finiteCheck: AllFiniteCheck,
  inFlight: InFlightQueue,
  track: TrackDisposable,
): Promise<RunParts> {
  const { net, config, rows, trained, sampleWeight, options } = request;
  const { batchSize } = options;
  const tables = track(new Tables(rows, await sampleWeight));
  const measures = track(await validateModel("fit()", net, config, tables, 0, Math.min(batchSize, trained)));
  const training = { optimizer: config.optimizer, finiteCheck };
  const parts = { at: "fit()", net, loss: config.loss, tables, measures, training };
  const joined = await prepareJoined(request, parts);
  if (joined) return { tables, joined: track(joined), measures, evaluation: undefined };
  const batchLoop = track(await BatchLoop.prepare(parts, { first: 0, rows: trained, batchSize }, inFlight));
  return { tables, batchLoop, measures, evaluation: await prepareValidation(request, tables, inFlight, track) };
}

async function prepareJoined(
  { rows, trained, validation, orderKey, options }: RunRequest,
  parts: StepContext,
): Promise<JoinedEpochs | undefined> {
  const { batchSize, callbacks, epochs, initialEpoch } = options;
  const isWatched = callbacks.some(({ onEpochBegin, onEpochEnd }) => onEpochBegin ?? onEpochEnd);
  if (isWatched || validation || trained < rows.count || trained > batchSize) return undefined;
  const most = maxJoinedEpochs(trained, epochs - initialEpoch);
  return most > 1 ? JoinedEpochs.prepare(parts, trained, most, orderKey !== undefined) : undefined;
}

/** Prepares the validation on the rows after the training rows, or on separate rows. */
async function prepareValidation(
  { net, config, rows, trained, validation, options }: RunRequest,
  shared: Tables,
  inFlight: InFlightQueue,
  track: TrackDisposable,
): Promise<CompiledEvaluation | undefined> {
  const { batchSize } = options;
  const evaluate = async (tables: Tables, first: number, count: number) =>
    track(
      await CompiledEvaluation.prepare(
        "fit() validation",
        net,
        config,
        tables,
        { first, rows: count, batchSize },
        inFlight,
      ),
    );
  if (trained < rows.count) return evaluate(shared, trained, rows.count - trained);
  if (!validation) return undefined;
  return evaluate(track(new Tables(validation)), 0, validation.count);
}
