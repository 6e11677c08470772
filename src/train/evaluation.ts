import { disposingOnFailure } from "../base/disposable";
import type { Block } from "../nn/block";
import { tidy } from "../plan/tidy";
import type { Tensor } from "../tensor/tensor";
import type { Compiled } from "./compiled";
import type { Flight } from "./flight";
import type { Measures } from "./measures";
import { Pass, type Span } from "./pass";
import type { Tables } from "./tables";
import { tryOut } from "./tryOut";

/** Computes the loss and the metrics of a block over a span of rows, repeatedly if needed. It changes no weights. */
export class Evaluation {
  private constructor(
    private readonly pass: Pass,
    private readonly measures: Measures,
    private readonly rows: number,
  ) {}

  static async prepare(
    at: string,
    net: Block,
    compiled: Compiled,
    tables: Tables,
    span: Span,
    flight: Flight,
  ): Promise<Evaluation> {
    const measures = await tryOut(at, net, compiled, tables, span.first, Math.min(span.rows, span.batchSize));
    const parts = { at, net, loss: compiled.loss, tables, measures };
    const pass = await disposingOnFailure(measures, () => Pass.prepare(parts, span, flight));
    return new Evaluation(pass, measures, span.rows);
  }

  get names(): string[] {
    return this.measures.names;
  }

  /** Runs all rows. Resolves once they are queued, to a tensor with the values in the order of `names`. */
  async run(): Promise<Tensor> {
    await this.pass.run({ permit: (most) => most, numbers: () => [], note: () => undefined });
    return tidy(() => this.measures.results(this.rows));
  }

  dispose(): void {
    this.pass.dispose();
    this.measures.dispose();
  }
}
