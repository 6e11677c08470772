import { fromLogitsField } from "../trainingFields";
import { defineLoss, type LossKind } from "../loss";
import type { SparseCrossentropyOptions } from "./categoricalCrossentropy";
import { logProbabilities, logSoftmax } from "./logProbabilities";

/**
 * The mean over all rows of -log p of the true class, rank 0. yTrue int32 [...],
 * yPred [..., classes]. Probabilities are held within [1e-7, 1 - 1e-7] and then
 * normalised, as Keras does. A class outside 0..classes-1 counts as 0.
 * @throws ShapeError if yTrue is not yPred's shape without its last axis.
 */
export const sparseCategoricalCrossentropy: LossKind<SparseCrossentropyOptions> = defineLoss<SparseCrossentropyOptions>(
  {
    kind: "sparseCategoricalCrossentropy",
    title: { en: "Sparse categorical cross-entropy", zh: "稀疏分类交叉熵" },
    description: { en: "For classes given as integers.", zh: "用于以整数给出的类别。" },
    formula: "L = -\\frac{1}{n} \\sum_i \\log \\hat{p}_{i, y_i}",
    source: "Keras SparseCategoricalCrossentropy",
    predictions: "distributions",
    fields: [fromLogitsField],
  },
  (yTrue, yPred, { fromLogits }) => {
    const logs = fromLogits ? logSoftmax(yPred) : logSoftmax(logProbabilities(yPred, false));
    return logs
      .mul(yTrue.cast("int32").oneHot(yPred.shape.at(-1)!))
      .sum(-1)
      .neg();
  },
  ({ shape }) => shape.slice(0, -1),
);
