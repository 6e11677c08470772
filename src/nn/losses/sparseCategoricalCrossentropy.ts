import { defineLoss, type LossKind } from "../define/loss";
import { fromLogitsField } from "../define/trainingFields";
import type { SparseCrossentropyOptions } from "./categoricalCrossentropy";
import { logProbabilities, logSoftmax } from "./logProbabilities";

/**
 * Cross-entropy of classes as whole numbers: the mean over all rows of the negative log-probability of the true class.
 *
 * Computes $L = -\frac{1}{n} \sum_i \ln \hat{p}_{i, y_i}$. Shapes: yTrue `[...]`, yPred `[..., classes]` -> `[]`.
 * Probabilities are divided by their sum, clipped to [1e-7, 1 - 1e-7] and normalized again, as in Keras; with
 * `fromLogits`, $\hat{p}$ is the softmax of the scores, computed stably. A class outside 0 to `classes - 1` counts as a
 * loss of 0.
 * @param yTrue classes, cast to int32
 * @param yPred probabilities, or scores (logits) with `fromLogits`
 * @param options `fromLogits` defaults to false, `sampleWeight` to all 1
 * @throws ShapeError unless yTrue has yPred's shape without the last axis; ArgumentError for an unknown option
 * @see Keras `SparseCategoricalCrossentropy`; PyTorch `CrossEntropyLoss`, which expects scores
 * @example
 * losses.sparseCategoricalCrossentropy(tensor([1, 0]), tensor([[0.2, 0.8], [0.6, 0.4]])); // => 0.367
 * losses.sparseCategoricalCrossentropy(tensor([1]), zeros([1, 2]), { fromLogits: true }); // => 0.6931
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
