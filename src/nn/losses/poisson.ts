import { defineLoss, type LossKind } from "../loss";
import { epsilon } from "./logProbabilities";

/** The mean of yPred - yTrue * log(yPred + 1e-7), rank 0. @throws ShapeError for two shapes. */
export const poisson: LossKind = defineLoss(
  {
    kind: "poisson",
    title: { en: "Poisson", zh: "泊松损失" },
    description: { en: "For counts; predictions are their means.", zh: "用于计数，预测值为其均值。" },
    formula: "L = \\frac{1}{n} \\sum_i \\hat{y}_i - y_i \\ln(\\hat{y}_i + \\epsilon)",
    source: "Keras Poisson",
    fields: [],
  },
  (yTrue, yPred) => yPred.sub(yPred.add(epsilon).log().mul(yTrue)),
);
