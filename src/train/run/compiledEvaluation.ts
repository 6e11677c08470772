import { disposingOnFailure } from "../../base/disposable";
import type { Block } from "../../nn/block/block";
import { tidy } from "../../plan/closures/tidy";
import type { Tensor } from "../../tensor/tensor";
import { validateModel } from "../diagnose/validateModel";
import type { TrainingConfig } from "../trainingConfig";
import { BatchLoop, type RowRange } from "./batchLoop";
import type { InFlightQueue } from "./inFlightQueue";
import type { MetricSums } from "./metricSums";
import type { Tables } from "./tables";

/** Computes the loss and the metrics of a block over a span of rows, repeatedly if needed. It changes no weights. */
export class CompiledEvaluation {
  private constructor(
    private readonly batchLoop: BatchLoop,
    private readonly measures: MetricSums,
    private readonly rows: number,
  ) {}

  static async prepare(
    at: string,
    net: Block,
    config: TrainingConfig,
    tables: Tables,
    span: RowRange,
    inFlight: InFlightQueue,
  ): Promise<CompiledEvaluation> {
    const measures = await validateModel(at, net, config, tables, span.first, Math.min(span.rows, span.batchSize));
    const parts = { at, net, loss: config.loss, tables, measures };
    const batchLoop = await disposingOnFailure(measures, () => BatchLoop.prepare(parts, span, inFlight));
    return new CompiledEvaluation(batchLoop, measures, span.rows);
  }

  get names(): string[] {
    return this.measures.names;
  }

  /** Runs all rows. Resolves once they are queued, to a tensor with the values in the order of `names`. */
  async run(): Promise<Tensor> {
    await this.batchLoop.run({ permit: (most) => most, numbers: () => [], note: () => undefined });
    return tidy(() => this.measures.results(this.rows));
  }

  dispose(): void {
    this.batchLoop.dispose();
    this.measures.dispose();
  }
}
