import { defineLoss, type LossKind } from "../define/loss";
import { margins } from "./margins";

/**
 * Hinge loss of two classes, -1 and 1: 0 once a prediction is on the right side by 1; the mean over all elements.
 *
 * Computes $L = \frac{1}{n} \sum_i \max(1 - y_i \hat{y}_i, 0)$. Shapes: yTrue and yPred alike -> `[]`. If all of yTrue
 * is 0 or 1, 0 counts as -1.
 * @param yTrue -1 or 1, or 0 or 1
 * @param yPred scores
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `Hinge`
 * @example
 * losses.hinge(tensor([1, -1]), tensor([0.5, -2])); // => 0.25
 */
export const hinge: LossKind = defineLoss(
  {
    kind: "hinge",
    title: { en: "Hinge", zh: "合页损失" },
    description: {
      en: "For two classes given as -1 and 1 or as 0 and 1.",
      zh: "用于以 -1 和 1（或 0 和 1）给出的两类。",
    },
    formula: "L = \\frac{1}{n} \\sum_i \\max(1 - y_i \\hat{y}_i, 0)",
    source: "Keras Hinge",
    fields: [],
  },
  margins,
);
