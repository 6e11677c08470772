import { fromLogitsField, labelSmoothingField } from "../trainingFields";
import { defineLoss, type LossKind } from "../loss";
import { logProbabilities } from "./logProbabilities";

export interface SparseCrossentropyOptions {
  /** True if yPred are scores rather than probabilities. Default false, as Keras. */
  fromLogits?: boolean;
}

export interface CrossentropyOptions extends SparseCrossentropyOptions {
  /** How much of the truth is spread evenly over the classes. Default 0. */
  labelSmoothing?: number;
}

/**
 * The mean over all rows of -sum(yTrue * log p), rank 0. yTrue and yPred [..., classes].
 * Probabilities are normalised and held within [1e-7, 1 - 1e-7], as Keras does.
 * @throws ShapeError for two shapes.
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
