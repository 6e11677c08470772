import { defineLoss, type LossKind } from "../loss";

/** The mean over all elements of (yTrue - yPred)^2, rank 0. @throws ShapeError for two shapes. */
export const meanSquaredError: LossKind = defineLoss(
  {
    kind: "meanSquaredError",
    title: { en: "Mean squared error", zh: "均方误差" },
    description: { en: "Mean of the squared differences.", zh: "差的平方的平均值。" },
    formula: "L = \\frac{1}{n} \\sum_i (y_i - \\hat{y}_i)^2",
    source: "Keras MeanSquaredError",
    fields: [],
  },
  (yTrue, yPred) => yPred.sub(yTrue).square(),
);
