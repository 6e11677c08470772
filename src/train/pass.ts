import { breathe } from "../base/cancel";
import { disposingOnFailure } from "../base/disposable";
import type { Elements } from "../device/backend";
import { tidy } from "../plan/tidy";
import { stack } from "../tensor/ops/stack";
import { relieve } from "../tensor/relief";
import type { Flight } from "./flight";
import { Pace } from "./pace";
import { type StepParts, Steps } from "./steps";

/** Progress of an epoch, read from the device after some steps. */
export interface Status {
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

/** Caller's side of a `Pass`. */
export interface PassHost {
  /** Returns how many of `most` steps may be queued now; 0 ends the pass. */
  permit(most: number): number | Promise<number>;
  /** Returns the numbers of the next step: learning rates and the step's own number. */
  numbers(): readonly number[];
  /** Called with each status as it arrives, some submits after its steps. */
  note(status: Status): void;
}

/** Range of an order whose rows are processed. */
export interface Span {
  readonly first: number;
  readonly rows: number;
  readonly batchSize: number;
}

/** Processes rows once, batch by batch, and leaves the results in the measures. The last batch may be smaller. */
export class Pass {
  readonly steps: number;
  private readonly pace = new Pace();

  private constructor(
    private readonly parts: StepParts,
    private readonly span: Span,
    private readonly flight: Flight,
    private readonly full: Steps,
    private readonly last: Steps | undefined,
  ) {
    this.steps = Math.ceil(span.rows / span.batchSize);
  }

  static async prepare(parts: StepParts, span: Span, flight: Flight): Promise<Pass> {
    const { rows, batchSize } = span;
    const rest = rows % batchSize;
    const full = await Steps.prepare(parts, Math.min(batchSize, rows));
    const last = rest > 0 && rest < rows ? await disposingOnFailure(full, () => Steps.prepare(parts, rest)) : undefined;
    return new Pass(parts, span, flight, full, last);
  }

  /** Runs all batches. Resolves to true if none was refused. */
  async run(host: PassHost): Promise<boolean> {
    this.parts.measures.reset();
    const { first, batchSize } = this.span;
    const fullSteps = this.last ? this.steps - 1 : this.steps;
    let done = 0;
    while (done < this.steps) {
      const isLast = done === fullSteps;
      const allowed = await host.permit(isLast ? 1 : Math.min(this.pace.size, fullSteps - done));
      if (allowed === 0) return false;
      const starts = Array.from({ length: allowed }, (_, index) => first + (done + index) * batchSize);
      const started = performance.now();
      await (isLast ? this.last! : this.full).run(starts, () => host.numbers());
      done += allowed;
      await this.report(host, started, allowed, Math.min(done * batchSize, this.span.rows));
      await relieve(this.parts.measures.lossSum.asTensor().backend);
      await breathe();
    }
    return true;
  }

  private report(host: PassHost, started: number, steps: number, rows: number): Promise<void> {
    const { measures, training } = this.parts;
    const { lossSum } = measures;
    const numbers = tidy(() => stack([lossSum, training?.guard.failedAt ?? lossSum]));
    return this.flight.add(numbers, ([loss, failedAt]: Elements, at) => {
      this.pace.note(started, at, steps);
      host.note({ lossSum: loss!, rows, steps, failedAt: training ? failedAt! : 0, at });
    });
  }

  dispose(): void {
    this.full.dispose();
    this.last?.dispose();
  }
}
