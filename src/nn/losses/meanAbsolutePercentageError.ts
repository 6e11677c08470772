import { defineLoss, type LossKind } from "../define/loss";
import { epsilon } from "./logProbabilities";

/**
 * Mean absolute percentage error: the mean over all elements of the differences in percent of the true value.
 *
 * Computes $L = \frac{100}{n} \sum_i \frac{|y_i - \hat{y}_i|}{\max(|y_i|, \epsilon)}$ with $\epsilon$ = 1e-7. Shapes:
 * yTrue and yPred alike -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `MeanAbsolutePercentageError`
 * @example
 * losses.meanAbsolutePercentageError(tensor([2, 4]), tensor([1, 4])); // => 25
 */
export const meanAbsolutePercentageError: LossKind = defineLoss(
  {
    kind: "meanAbsolutePercentageError",
    title: { en: "Mean absolute percentage error", zh: "平均绝对百分比误差" },
    description: {
      en: "Mean absolute difference as a percentage of the true value.",
      zh: "差占真值的百分比的平均值。",
    },
    formula: "L = \\frac{100}{n} \\sum_i \\frac{|y_i - \\hat{y}_i|}{\\max(|y_i|, \\epsilon)}",
    source: "Keras MeanAbsolutePercentageError",
    fields: [],
  },
  (yTrue, yPred) => yPred.sub(yTrue).abs().div(yTrue.abs().maximum(epsilon)).mul(100),
);
