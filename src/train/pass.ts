import { breathe } from "../base/cancel";
import { disposingOnFailure } from "../base/disposable";
import type { Elements } from "../device/backend";
import { tidy } from "../plan/tidy";
import { stack } from "../tensor/ops/stack";
import { relieve } from "../tensor/relief";
import type { Flight } from "./flight";
import { Pace } from "./pace";
import { type StepParts, Steps } from "./steps";

/** What is known on the device when some steps are done. */
export interface Status {
  /** Over the rows so far in this pass. */
  readonly lossSum: number;
  readonly rows: number;
  /** Steps since the status before. */
  readonly steps: number;
  /** The number of the step that failed; 0 while none did. */
  readonly failedAt: number;
  /** When it was there, by `performance.now()`. */
  readonly at: number;
}

/** Who runs a pass. */
export interface PassHost {
  /** How many of `most` steps may be queued now; 0 ends the pass. */
  permit(most: number): number | Promise<number>;
  /** The numbers of the next step. */
  numbers(): readonly number[];
  /** Told beside the work, a few submits later. */
  note(status: Status): void;
}

/** The rows of an order that are gone over. */
export interface Span {
  readonly first: number;
  readonly rows: number;
  readonly batchSize: number;
}

/** Goes over rows once, batch by batch; the last may be smaller. What comes of it is in the measures. */
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

  /** True if it came to the end. */
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
