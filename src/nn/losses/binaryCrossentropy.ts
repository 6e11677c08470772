import { defineLoss, type LossKind } from "../define/loss";
import { fromLogitsField, labelSmoothingField } from "../define/trainingFields";
import type { CrossentropyOptions } from "./categoricalCrossentropy";
import { epsilon } from "./logProbabilities";

/**
 * Cross-entropy of independent yes-or-no predictions: the mean over all elements.
 *
 * Computes $L = -\frac{1}{n} \sum_i y_i \ln \hat{p}_i + (1 - y_i) \ln(1 - \hat{p}_i)$. Shapes: yTrue and yPred alike ->
 * `[]`. Probabilities are clipped to [1e-7, 1 - 1e-7]; with `fromLogits`, $\hat{p} = 1 / (1 + e^{-\hat{y}})$, computed
 * stably from the scores.
 * @param yTrue 0 or 1, or probabilities in between
 * @param yPred probabilities, or scores (logits) with `fromLogits`
 * @param options `fromLogits` defaults to false, `labelSmoothing` to 0, `sampleWeight` to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an option out of range or unknown
 * @see Keras `BinaryCrossentropy`; PyTorch `BCELoss` and, with `fromLogits`, `BCEWithLogitsLoss`
 * @example
 * losses.binaryCrossentropy(tensor([1, 0]), tensor([0.8, 0.4])); // => 0.367
 * losses.binaryCrossentropy(tensor([1]), tensor([0]), { fromLogits: true }); // => 0.6931
 */
export const binaryCrossentropy: LossKind<CrossentropyOptions> = defineLoss<CrossentropyOptions>(
  {
    kind: "binaryCrossentropy",
    title: { en: "Binary cross-entropy", zh: "二元交叉熵" },
    description: { en: "For independent yes/no labels.", zh: "用于彼此独立的是与否。" },
    formula: "L = -\\frac{1}{n} \\sum_i y_i \\log \\hat{p}_i + (1 - y_i) \\log(1 - \\hat{p}_i)",
    source: "Keras BinaryCrossentropy",
    fields: [fromLogitsField, labelSmoothingField],
  },
  (yTrue, yPred, { fromLogits, labelSmoothing: part }) => {
    const truth = part
      ? yTrue
          .cast("float32")
          .mul(1 - part)
          .add(part / 2)
      : yTrue.cast("float32");
    if (fromLogits) return yPred.softplus().sub(yPred.mul(truth));
    const p = yPred.clip(epsilon, 1 - epsilon);
    const no = p.neg().add(1).log();
    return truth.mul(p.log().sub(no)).add(no).neg();
  },
);
