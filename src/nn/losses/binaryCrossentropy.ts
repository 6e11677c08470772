import { fromLogitsField, labelSmoothingField } from "../trainingFields";
import { defineLoss, type LossKind } from "../loss";
import type { CrossentropyOptions } from "./categoricalCrossentropy";
import { epsilon } from "./logProbabilities";

/**
 * The mean over all elements of -(yTrue * log p + (1 - yTrue) * log(1 - p)), rank 0,
 * yTrue 0 or 1 or between. Probabilities are held within [1e-7, 1 - 1e-7]; scores
 * give the sigmoid's, without forming it. @throws ShapeError for two shapes.
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
