import { ShapeError } from "../base/errors";
import type { Block } from "../nn/block";
import { runClosure } from "../plan/closure";
import { arange } from "../tensor/creation";
import { concat } from "../tensor/ops/concat";
import { Tensor } from "../tensor/tensor";
import { checkBatchSize } from "./fitOptions";
import { type Position, rowsAt } from "../tensor/ops/rowsAt";
import { countRows, deviceFor, type Inputs, namedInputs, toInputs } from "./tables";

export interface PredictOptions {
  /** Default 32. */
  batchSize?: number;
}

/**
 * What a block gives for rows, computed batch by batch: a tensor of as many rows
 * on the block's device. It need not be compiled. Nothing is trained, and blocks know it.
 * @throws ShapeError where the block gives no tensor, or one that is not a row for each row.
 */
export async function predict(net: Block, x: Inputs, { batchSize = 32 }: PredictOptions = {}): Promise<Tensor> {
  checkBatchSize("predict()", batchSize);
  const device = deviceFor(net, x);
  const inputs = toInputs(x, device);
  const rows = countRows("predict()", namedInputs(inputs));
  const order = arange(rows, { device });
  const start: Position = { value: 0 };
  const parts: Tensor[] = [];
  for (; start.value < rows; start.value += batchSize) {
    const count = Math.min(batchSize, rows - start.value);
    const forward = () => net.call(...inputs.map((input) => rowsAt(input, order, start, count)));
    parts.push(await runClosure("predict()", false, forward, (result: unknown) => recordOutput(net, result, count)));
  }
  order.dispose();
  if (parts.length === 1) return parts[0]!;
  const all = concat(parts);
  for (const part of parts) part.dispose();
  return all;
}

function recordOutput(net: Block, result: unknown, count: number) {
  if (!(result instanceof Tensor) || result.shape[0] !== count) {
    throw new ShapeError({
      at: "predict()",
      expected: `a tensor of ${count} rows from ${net.label}`,
      got: String(result),
      remedy: "Use call() for a block that gives something else.",
    });
  }
  const step = {
    roots: [result],
    key: "predict",
    targets: [],
    states: [],
    numbers: [],
    extend: () => ({ outputs: [], updates: [] }),
  };
  return { step, finish: () => result };
}
