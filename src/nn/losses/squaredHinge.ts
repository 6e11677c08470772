import { defineLoss, type LossKind } from "../loss";
import { margins } from "./margins";

/** The mean of max(1 - yTrue * yPred, 0)^2, rank 0. yTrue of nothing but 0 and 1 counts as -1 and 1. @throws ShapeError for two shapes. */
export const squaredHinge: LossKind = defineLoss(
  {
    kind: "squaredHinge",
    title: { en: "Squared hinge", zh: "平方合页损失" },
    description: { en: "Squared hinge loss: large errors weigh more.", zh: "合页损失的平方，大误差权重更高。" },
    formula: "L = \\frac{1}{n} \\sum_i \\max(1 - y_i \\hat{y}_i, 0)^2",
    source: "Keras SquaredHinge",
    fields: [],
  },
  (yTrue, yPred) => margins(yTrue, yPred).square(),
);
