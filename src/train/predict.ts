import { yieldIfDue } from "../base/cancel";
import { ShapeError } from "../base/errors";
import type { Block } from "../nn/block/block";
import { recordClosure, runClosure } from "../plan/closures/closure";
import type { Computation } from "../plan/run/computation";
import { NotReplayable } from "../plan/run/notReplayable";
import type { Recording } from "../plan/run/recording";
import { collectGarbage } from "../tensor/collectGarbage";
import { arange } from "../tensor/creation";
import { concat } from "../tensor/ops/concat";
import { type RowCursor, rowsAt } from "../tensor/ops/rowsAt";
import { Tensor } from "../tensor/tensor";
import { checkBatchSize } from "./fitOptions";
import { countRows, deviceFor, type Inputs, namedInputs, toInputs } from "./run/tables";

/** Options of `Block.predict`. */
export interface PredictOptions {
  /** Rows per batch. Defaults to 32. */
  batchSize?: number;
}

/**
 * Implements `Block.predict`.
 * @throws ShapeError if the block does not return a tensor with one row for each input row.
 */
export async function predict(net: Block, x: Inputs, { batchSize = 32 }: PredictOptions = {}): Promise<Tensor> {
  checkBatchSize("predict()", batchSize);
  const device = deviceFor(net, x);
  const inputs = toInputs(x, device);
  const rows = countRows("predict()", namedInputs(inputs));
  const order = arange(rows, { device });
  const start: RowCursor = { value: 0 };
  const forward = (count: number) => () => net.call(...inputs.map((input) => rowsAt(input, order, start, count)));
  const batches = new Batches(net, forward);
  const parts: Tensor[] = [];
  for (; start.value < rows; start.value += batchSize)
    parts.push(await batches.compute(Math.min(batchSize, rows - start.value), rows - start.value));
  order.dispose();
  if (parts.length === 1) return parts[0]!;
  const all = concat(parts);
  for (const part of parts) part.dispose();
  return all;
}

type Forward = (count: number) => () => unknown;

/** Batches of one call of `predict`. If several have the same size, the block is recorded once and replayed. */
class Batches {
  private step: Recording | undefined;
  private count = 0;
  private isReplayable = true;

  constructor(
    private readonly net: Block,
    private readonly forward: Forward,
  ) {}

  /**
   * Returns the output for a batch.
   * @param left number of rows from this batch on
   */
  async compute(count: number, left: number): Promise<Tensor> {
    const step = await this.stepFor(count, left);
    if (!step) {
      return runClosure("predict()", false, this.forward(count), (result) => {
        const output = this.checked(result, count);
        return { computation: stepOf(output), finish: () => output };
      });
    }
    const [output] = step.compute(step.leaves);
    await collectGarbage(output!.backend);
    await yieldIfDue();
    return output!;
  }

  private async stepFor(count: number, left: number): Promise<Recording | undefined> {
    const isKnown = this.count === count && this.step?.isCurrent();
    if (isKnown) return this.step;
    if (!this.isReplayable || left < 3 * count) return undefined;
    this.count = count;
    this.step = await this.record(count);
    return this.step;
  }

  private async record(count: number): Promise<Recording | undefined> {
    let output: Tensor;
    try {
      return await recordClosure(
        "predict()",
        false,
        this.forward(count),
        (result) => stepOf((output = this.checked(result, count))),
        () => [output],
      );
    } catch (error) {
      if (!(error instanceof NotReplayable)) throw error;
      this.isReplayable = false;
      return undefined;
    }
  }

  private checked(result: unknown, count: number): Tensor {
    if (result instanceof Tensor && result.shape[0] === count) return result;
    throw new ShapeError({
      at: "predict()",
      expected: `a tensor of ${count} rows from ${this.net.label}`,
      got: String(result),
      remedy: "Use call() for a block that returns something else.",
    });
  }
}

function stepOf(output: Tensor): Computation {
  const extend = () => ({ outputs: [], updates: [] });
  return { roots: [output], key: "predict", isShared: true, targets: [], variables: [], numbers: [], extend };
}
