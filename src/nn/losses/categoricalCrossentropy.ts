import { defineLoss, type LossKind } from "../define/loss";
import { fromLogitsField, labelSmoothingField } from "../define/trainingFields";
import { logProbabilities } from "./logProbabilities";

/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCrossentropyOptions {
  /** True if yPred are scores (logits) rather than probabilities. Default false, as in Keras. */
  fromLogits?: boolean;
}

/** Options of `categoricalCrossentropy` and `binaryCrossentropy`. */
export interface CrossentropyOptions extends SparseCrossentropyOptions {
  /** Part of the true probability, in [0, 1], that is spread evenly over all classes. Default 0. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy of classes as one-hot rows or probabilities: the mean over all rows.
 *
 * Computes $L = -\frac{1}{n} \sum_i \sum_c y_{ic} \ln \hat{p}_{ic}$. Shapes: yTrue and yPred `[..., classes]` -> `[]`.
 * Probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7]; with `fromLogits`, $\hat{p}$ is the softmax
 * of the scores, computed stably.
 * @param yTrue one-hot rows or probabilities
 * @param yPred probabilities, or scores (logits) with `fromLogits`
 * @param options `fromLogits` defaults to false, `labelSmoothing` to 0, `sampleWeight` to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an option out of range or unknown
 * @see Szegedy et al. 2016 for label smoothing; Keras `CategoricalCrossentropy`; PyTorch `CrossEntropyLoss`, which
 *   expects scores
 * @example
 * const yTrue = tensor([[0, 1], [1, 0]]);
 * losses.categoricalCrossentropy(yTrue, tensor([[0.2, 0.8], [0.6, 0.4]])); // => 0.367
 * losses.categoricalCrossentropy(yTrue, zeros([2, 2]), { fromLogits: true }); // => 0.6931
 */
export const categoricalCrossentropy: LossKind<CrossentropyOptions> = defineLoss<CrossentropyOptions>(
  {
    kind: "categoricalCrossentropy",
    title: { en: "Categorical cross-entropy", zh: "分类交叉熵" },
    description: { en: "For classes given as one-hot rows or probabilities.", zh: "用于以独热或概率给出的类别。" },
    formula: "L = -\\frac{1}{n} \\sum_i \\sum_c y_{ic} \\log \\hat{p}_{ic}",
    source: "Keras CategoricalCrossentropy",
    predictions: "distributions",
    fields: [fromLogitsField, labelSmoothingField],
  },
  (yTrue, yPred, { fromLogits, labelSmoothing: part }) => {
    const truth = part
      ? yTrue
          .cast("float32")
          .mul(1 - part)
          .add(part / yPred.shape.at(-1)!)
      : yTrue;
    return logProbabilities(yPred, fromLogits).mul(truth).sum(-1).neg();
  },
);
