import { defineLoss, type LossKind } from "../define/loss";
import { margins } from "./margins";

/**
 * Squared hinge loss of two classes, -1 and 1: large errors count more than with `hinge`; the mean over all elements.
 *
 * Computes $L = \frac{1}{n} \sum_i \max(1 - y_i \hat{y}_i, 0)^2$. Shapes: yTrue and yPred alike -> `[]`. If all of
 * yTrue is 0 or 1, 0 counts as -1.
 * @param yTrue -1 or 1, or 0 or 1
 * @param yPred scores
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `SquaredHinge`
 * @example
 * losses.squaredHinge(tensor([1, -1]), tensor([0.5, -2])); // => 0.125
 */
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
