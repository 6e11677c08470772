import { ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import type { Block } from "../../nn/block/block";
import { traceClosure } from "../../plan/closures/closure";
import { Tensor } from "../../tensor/tensor";
import { tryWeights } from "../run/classWeights";
import { MetricSums } from "../run/metricSums";
import type { Tables } from "../run/tables";
import type { TrainingConfig } from "../trainingConfig";
import { warnAboutRawScores } from "./warnAboutRawScores";

/**
 * Calls a block, its loss and its metrics on the `count` rows from `first` on. This builds the block and reports
 * mismatches at once. It computes only what the forward reads. Returns measures of the right shapes.
 * @throws ShapeError for a loss that is not one float32 number, and any error of the calls.
 */
export function validateModel(
  at: string,
  net: Block,
  config: TrainingConfig,
  tables: Tables,
  first: number,
  count: number,
): Promise<MetricSums> {
  const { loss, metrics } = config;
  return traceClosure(at, async () => {
    const { inputs, yTrue, sampleWeight } = tables.batchAt({ value: first }, count);
    const yPred: unknown = await net.call(...inputs);
    if (!(yPred instanceof Tensor))
      throw new ShapeError({ at: net.label, expected: "a forward that returns one tensor", got: typeof yPred });
    const { size, dtype, shape } = sampleWeight ? tryWeights(loss, yTrue, yPred) : loss(yTrue, yPred, {});
    if (size !== 1 || dtype !== "float32") {
      throw new ShapeError({
        at: "compile() loss",
        expected: "one float32 number",
        got: `${dtype} ${formatShape(shape)}`,
        remedy: "Reduce it with mean() or sum().",
      });
    }
    await warnAboutRawScores(config, yPred);
    return new MetricSums(metrics, yTrue, yPred);
  });
}
