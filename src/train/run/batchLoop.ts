import { yieldIfDue } from "../../base/cancel";
import { disposingOnFailure } from "../../base/disposable";
import type { Elements } from "../../device/backend";
import { tidy } from "../../plan/closures/tidy";
import { collectGarbage } from "../../tensor/collectGarbage";
import { stack } from "../../tensor/ops/stack";
import { type StepContext, BatchSteps } from "./batchSteps";
import type { InFlightQueue } from "./inFlightQueue";
import { Pacer } from "./pacer";

/** Progress of an epoch, read from the device after some steps. */
export interface StepStatus {
  /** Sum of the loss over the rows so far in this epoch. */
  readonly lossSum: number;
  readonly rows: number;
  /** Number of steps since the previous status. */
  readonly steps: number;
  /** Number of the failed step; 0 if none has failed. */
  readonly failedAt: number;
  /** Time of arrival, as of `performance.now()`. */
  readonly at: number;
}

/** Caller's side of a `BatchLoop`. */
export interface BatchLoopHost {
  /** Returns how many of `most` steps may be queued now; 0 ends the pass. */
  permit(most: number): number | Promise<number>;
  /** Returns the numbers of the next step: learning rates and the step's own number. */
  numbers(): readonly number[];
  /** Called with each status as it arrives, some submits after its steps. */
  note(status: StepStatus): void;
}

/** Range of an order whose rows are processed. */
export interface RowRange {
  readonly first: number;
  readonly rows: number;
  readonly batchSize: number;
}

/** Processes rows once, batch by batch, and leaves the results in the measures. The last batch may be smaller. */
export class BatchLoop {
  readonly steps: number;
  private readonly pacer = new Pacer();

  private constructor(
    private readonly parts: StepContext,
    private readonly span: RowRange,
    private readonly inFlight: InFlightQueue,
    private readonly full: BatchSteps,
    private readonly last: BatchSteps | undefined,
  ) {
    this.steps = Math.ceil(span.rows / span.batchSize);
  }

  static async prepare(parts: StepContext, span: RowRange, inFlight: InFlightQueue): Promise<BatchLoop> {
    const { rows, batchSize } = span;
    const rest = rows % batchSize;
    const full = await BatchSteps.prepare(parts, Math.min(batchSize, rows));
    const last =
      rest > 0 && rest < rows ? await disposingOnFailure(full, () => BatchSteps.prepare(parts, rest)) : undefined;
    return new BatchLoop(parts, span, inFlight, full, last);
  }

  /** Runs all batches. Resolves to true if none was refused. */
  async run(host: BatchLoopHost): Promise<boolean> {
    this.parts.measures.reset();
    const { first, batchSize } = this.span;
    const fullSteps = this.last ? this.steps - 1 : this.steps;
    let done = 0;
    while (done < this.steps) {
      const isLast = done === fullSteps;
      const allowed = await host.permit(isLast ? 1 : Math.min(this.pacer.chunkSize, fullSteps - done));
      if (allowed === 0) return false;
      const starts = Array.from({ length: allowed }, (_, index) => first + (done + index) * batchSize);
      const started = performance.now();
      await (isLast ? this.last! : this.full).run(starts, () => host.numbers());
      done += allowed;
      await this.report(host, started, allowed, Math.min(done * batchSize, this.span.rows));
      await collectGarbage(this.parts.measures.lossSum.asTensor().backend);
      await yieldIfDue();
    }
    return true;
  }

  private report(host: BatchLoopHost, started: number, steps: number, rows: number): Promise<void> {
    const { measures, training } = this.parts;
    const { lossSum } = measures;
    const numbers = tidy(() => stack([lossSum, training?.finiteCheck.failedAt ?? lossSum]));
    return this.inFlight.add(numbers, ([loss, failedAt]: Elements, at) => {
      this.pacer.update(started, at, steps);
      host.note({ lossSum: loss!, rows, steps, failedAt: training ? failedAt! : 0, at });
    });
  }

  dispose(): void {
    this.full.dispose();
    this.last?.dispose();
  }
}
