import { defineLoss, type LossKind } from "../loss";

/** The mean over rows of max(max((1 - yTrue) * yPred) - sum(yTrue * yPred) + 1, 0), rank 0. yTrue one-hot. @throws ShapeError for two shapes. */
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
