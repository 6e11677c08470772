import { ShapeError } from "../base/errors";
import { formatShape } from "../base/shape";
import type { Block } from "../nn/block";
import { tidy } from "../plan/tidy";
import { Tensor } from "../tensor/tensor";
import { tryWeights } from "./classWeights";
import type { Compiled } from "./compiled";
import { Measures } from "./measures";
import type { Tables } from "./tables";
import { warnOfScores } from "./warnOfScores";

/**
 * Calls a block, its loss and its metrics on `count` rows from `first` on: that
 * builds the block, and shows at once what does not fit. Returns sums for them.
 * @throws ShapeError for a loss that is not one number, and what the calls throw.
 */
export async function tryOut(
  net: Block,
  compiled: Compiled,
  tables: Tables,
  first: number,
  count: number,
): Promise<Measures> {
  const { loss, metrics } = compiled;
  const { inputs, yTrue, sampleWeight } = tables.batchAt({ value: first }, count);
  const yPred: unknown = await net.call(...inputs);
  if (!(yPred instanceof Tensor))
    throw new ShapeError({ at: net.label, expected: "a forward that gives one tensor", got: typeof yPred });
  const { size, dtype, shape } = tidy(() => {
    const value = sampleWeight ? tryWeights(loss, yTrue, yPred) : loss(yTrue, yPred, {});
    // What it looks like, without itself.
    return { size: value.size, dtype: value.dtype, shape: value.shape };
  });
  if (size !== 1 || dtype !== "float32") {
    throw new ShapeError({
      at: "compile() loss",
      expected: "one float32 number",
      got: `${dtype} ${formatShape(shape)}`,
      remedy: "Reduce it with mean() or sum().",
    });
  }
  await warnOfScores(compiled, yPred);
  const measures = new Measures(metrics, yTrue, yPred);
  for (const tensor of [...inputs, yTrue, yPred]) tensor.dispose();
  sampleWeight?.dispose();
  return measures;
}
