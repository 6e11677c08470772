import { defineLoss, type LossKind } from "../loss";

/** The mean over all elements of |yTrue - yPred|, rank 0. @throws ShapeError for two shapes. */
export const meanAbsoluteError: LossKind = defineLoss(
  {
    kind: "meanAbsoluteError",
    title: { en: "Mean absolute error", zh: "平均绝对误差" },
    description: { en: "Mean of the absolute differences.", zh: "差的绝对值的平均值。" },
    formula: "L = \\frac{1}{n} \\sum_i |y_i - \\hat{y}_i|",
    source: "Keras MeanAbsoluteError",
    fields: [],
  },
  (yTrue, yPred) => yPred.sub(yTrue).abs(),
);
