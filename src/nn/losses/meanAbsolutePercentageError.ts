import { defineLoss, type LossKind } from "../loss";
import { epsilon } from "./logProbabilities";

/** The mean of 100 |yTrue - yPred| / max(|yTrue|, 1e-7), rank 0. @throws ShapeError for two shapes. */
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
