import { defineLoss, type LossKind } from "../define/loss";

/**
 * Hinge loss of classes as one-hot rows: 0 once the true class leads every other by 1, as the mean over all rows.
 *
 * Computes $L = \frac{1}{n} \sum_i \max(\max_c (1 - y_{ic}) \hat{y}_{ic} - \sum_c y_{ic} \hat{y}_{ic} + 1, 0)$. Shapes:
 * yTrue and yPred `[..., classes]` -> `[]`.
 * @param yTrue one-hot rows
 * @param yPred scores
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `CategoricalHinge`
 * @example
 * losses.categoricalHinge(tensor([[0, 1, 0]]), tensor([[0.5, 0.75, 0]])); // => 0.75
 */
export const categoricalHinge: LossKind = defineLoss(
  {
    kind: "categoricalHinge",
    title: { en: "Categorical hinge", zh: "多类合页损失" },
    description: {
      en: "Requires the true class to outscore all others by 1.",
      zh: "要求真实类别的得分比其他类别高出 1。",
    },
    formula:
      "L = \\frac{1}{n} \\sum_i \\max(\\max_{c} (1 - y_{ic}) \\hat{y}_{ic} - \\sum_c y_{ic} \\hat{y}_{ic} + 1, 0)",
    source: "Keras CategoricalHinge",
    fields: [],
  },
  (yTrue, yPred) => {
    const others = yPred.sub(yPred.mul(yTrue)).max(-1);
    return others.sub(yPred.mul(yTrue).sum(-1)).add(1).maximum(0);
  },
);
