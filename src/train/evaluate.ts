import type { Block } from "../nn/block/block";
import type { TensorData } from "../tensor/creation";
import type { Operand } from "../tensor/tensor";
import { checkBatchSize } from "./fitOptions";
import { CompiledEvaluation } from "./run/compiledEvaluation";
import { InFlightQueue } from "./run/inFlightQueue";
import type { Logs } from "./run/metricSums";
import { deviceFor, type Inputs, rowsOf, Tables } from "./run/tables";
import { trainingConfigOf } from "./trainingConfig";

/** Options of `Block.evaluate`. */
export interface EvaluateOptions {
  /** Rows per batch. Defaults to 32. */
  batchSize?: number;
}

/**
 * Implements `Block.evaluate`.
 * @throws ArgumentError if the block has not been compiled, and ShapeError for rows that do not match.
 */
export async function evaluate(
  net: Block,
  x: Inputs,
  y: Operand | TensorData,
  { batchSize = 32 }: EvaluateOptions = {},
): Promise<Logs> {
  checkBatchSize("evaluate()", batchSize);
  const config = trainingConfigOf(net, "evaluate()");
  const rows = rowsOf("evaluate()", x, y, deviceFor(net, x));
  const tables = new Tables(rows);
  let evaluation: CompiledEvaluation | undefined;
  try {
    const span = { first: 0, rows: rows.count, batchSize };
    const inFlight = new InFlightQueue();
    evaluation = await CompiledEvaluation.prepare("evaluate()", net, config, tables, span, inFlight);
    const { names } = evaluation;
    const logs: Logs = {};
    await inFlight.add(await evaluation.run(), (values) =>
      names.forEach((name, index) => (logs[name] = values[index]!)),
    );
    await inFlight.drain();
    return logs;
  } finally {
    evaluation?.dispose();
    tables.dispose();
  }
}
