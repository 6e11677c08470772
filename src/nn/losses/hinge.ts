import { defineLoss, type LossKind } from "../loss";
import { margins } from "./margins";

/** The mean of max(1 - yTrue * yPred, 0), rank 0. yTrue of nothing but 0 and 1 counts as -1 and 1. @throws ShapeError for two shapes. */
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
