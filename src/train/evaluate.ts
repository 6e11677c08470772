import type { Block } from "../nn/block";
import type { TensorData } from "../tensor/creation";
import type { Operand } from "../tensor/tensor";
import { compiledOf } from "./compiled";
import { Evaluation } from "./evaluation";
import { checkBatchSize } from "./fitOptions";
import { Flight } from "./flight";
import type { Logs } from "./measures";
import { deviceFor, type Inputs, rowsOf, Tables } from "./tables";

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
  const compiled = compiledOf(net, "evaluate()");
  const rows = rowsOf("evaluate()", x, y, deviceFor(net, x));
  const tables = new Tables(rows);
  let evaluation: Evaluation | undefined;
  try {
    const span = { first: 0, rows: rows.count, batchSize };
    const flight = new Flight();
    evaluation = await Evaluation.prepare("evaluate()", net, compiled, tables, span, flight);
    const { names } = evaluation;
    const logs: Logs = {};
    await flight.add(await evaluation.run(), (values) => names.forEach((name, index) => (logs[name] = values[index]!)));
    await flight.drain();
    return logs;
  } finally {
    evaluation?.dispose();
    tables.dispose();
  }
}
