/** Steps over batches of one size, recorded once and replayed. */
import { DeviceError } from "../../base/errors";
import type { Block } from "../../nn/block/block";
import type { Optimizer } from "../../nn/define/optimizer";
import { recordClosure, runClosure } from "../../plan/closures/closure";
import { gradientsOrZeros, trainableParameters } from "../../plan/closures/valueAndGrad";
import type { Computation } from "../../plan/run/computation";
import { NotReplayable } from "../../plan/run/notReplayable";
import type { Recording } from "../../plan/run/recording";
import type { RowCursor } from "../../tensor/ops/rowsAt";
import type { Parameter } from "../../tensor/parameter";
import type { Tensor } from "../../tensor/tensor";
import type { LossFunction } from "../trainingConfig";
import type { AllFiniteCheck } from "./allFiniteCheck";
import type { MetricSums } from "./metricSums";
import type { Tables } from "./tables";

/** The parts that all steps of a run share. */
export interface StepContext {
  /** Name of the call in errors: `fit()`. */
  readonly at: string;
  readonly net: Block;
  readonly loss: LossFunction;
  readonly tables: Pick<Tables, "order" | "batchAt">;
  readonly measures: MetricSums;
  /** Recorded before and after each step if a step is an epoch. */
  readonly epoch?: { begin(): void; end(): void };
  /** Absent in an evaluation. */
  readonly training?: { readonly optimizer: Optimizer; readonly finiteCheck: AllFiniteCheck };
}
/** Steps over batches of `count` rows. */
export class BatchSteps {
  private readonly position: RowCursor = { value: 0 };
  /** Absent if the step has to be recorded again at every run. */
  private recording: Recording | undefined;
  private trained: readonly Parameter[] = [];

  private constructor(
    private readonly parts: StepContext,
    readonly count: number,
  ) {}

  /** Records the step before the first batch, so that no batch has to wait for it. */
  static async prepare(parts: StepContext, count: number): Promise<BatchSteps> {
    const steps = new BatchSteps(parts, count);
    await steps.record();
    return steps;
  }

  /**
   * Queues one step per batch, in order.
   * @param starts the first row of each batch, as a position in the order
   * @param numbers returns the numbers of the next step: learning rates and its own number
   */
  async run(starts: readonly number[], numbers: () => readonly number[]): Promise<void> {
    await this.recordIfChanged();
    const { at, training } = this.parts;
    const move = (index: number) => {
      this.position.value = starts[index]!;
      return numbers();
    };
    if (this.recording) return this.recording.run(starts.length, move);
    const forward = () => this.forward();
    for (const index of starts.keys()) {
      const given = move(index);
      await runClosure(at, Boolean(training), forward, (loss) => ({
        computation: this.computationOf(loss, given),
        finish: () => null,
      }));
    }
  }

  /** False if the step has to be recorded again at every run. */
  get isRecorded(): boolean {
    return this.recording !== undefined;
  }

  dispose(): void {
    this.recording?.dispose();
    this.recording = undefined;
  }

  /**
   * Records the step again if parameters were frozen or unfrozen during the run, so that this takes effect at the next
   * step.
   */
  private async recordIfChanged(): Promise<void> {
    const { at, net, tables } = this.parts;
    const { device } = tables.order;
    const moved = net.weights.find((weight) => weight.device !== device);
    if (moved && this.recording) {
      const got = `${moved.path} on ${moved.device}`;
      throw new DeviceError({ at, expected: `weights that stay on ${device}`, got, remedy: "Move it between runs." });
    }
    const now = this.trainable();
    if (now.length !== this.trained.length || now.some((one, index) => one !== this.trained[index]))
      await this.record();
  }

  private trainable(): Parameter[] {
    return this.parts.training ? [...trainableParameters(this.parts.net).values()] : [];
  }

  private async record(): Promise<void> {
    this.dispose();
    this.trained = this.trainable();
    const { at, net, training } = this.parts;
    const { backend } = this.parts.tables.order.asTensor();
    if (backend.compiles === "never" || net.weights.some(({ device }) => device !== backend.device)) return;
    try {
      const numbers = training ? [...training.optimizer.rates(1), 1] : [];
      const forward = () => this.replayableForward();
      this.recording = await recordClosure(at, Boolean(training), forward, (loss) => this.computationOf(loss, numbers));
    } catch (error) {
      if (!(error instanceof NotReplayable)) throw error;
    }
  }

  private replayableForward(): Tensor | Promise<Tensor> {
    const loss = this.forward();
    if (!(loss instanceof Promise)) return loss;
    return loss.then(() => {
      throw new NotReplayable(this.parts.at, "returns a promise");
    });
  }

  /** Returns the loss of the batch. Called inside a closure. */
  private forward(): Tensor | Promise<Tensor> {
    const { net, loss, tables, measures, epoch, training } = this.parts;
    epoch?.begin();
    const { inputs, yTrue, sampleWeight } = tables.batchAt(this.position, this.count);
    const states = net.weights.filter(({ state }) => state);
    const before = new Map<Parameter, Tensor>(states.map((state) => [state, state.asTensor()]));
    const measure = (yPred: Tensor): Tensor => {
      // Class and sample weights apply to the training loss only.
      const value = loss(yTrue, yPred, training && sampleWeight ? { sampleWeight } : {});
      measures.add(value, yTrue, yPred, this.count);
      training?.finiteCheck.guardStates(value, before);
      epoch?.end();
      return value;
    };
    const yPred: Tensor | Promise<Tensor> = net.call(...inputs);
    return yPred instanceof Promise ? yPred.then(measure) : measure(yPred);
  }

  private computationOf(loss: Tensor, numbers: readonly number[]): Computation {
    const { at, net: owner, training } = this.parts;
    const roots = [loss.reshape([])];
    if (!training)
      return {
        roots,
        key: at,
        owner,
        targets: [],
        variables: [],
        numbers,
        extend: () => ({ outputs: [], updates: [] }),
      };
    const { optimizer, finiteCheck } = training;
    const parameters = [...trainableParameters(this.parts.net).values()];
    const targets = parameters.map((parameter) => parameter.asTensor());
    return {
      roots,
      key: `${at} ${optimizer.ruleName}`,
      owner,
      targets,
      variables: [...parameters.flatMap((parameter) => optimizer.slotsOf(parameter)), ...finiteCheck.states],
      numbers,
      extend(all) {
        const gradients = gradientsOrZeros(loss, targets);
        const rates = all.slice(0, -1);
        const update = (held: readonly Tensor[]) => optimizer.updates(parameters, held, rates);
        return { outputs: [], updates: finiteCheck.guardUpdates(loss, gradients, all.at(-1)!, update) };
      },
    };
  }
}
