import { defineLoss, type LossKind } from "../loss";
import { epsilon } from "./logProbabilities";

/** The mean of (log(1 + yTrue) - log(1 + yPred))^2, both held at 1e-7 at least, rank 0. @throws ShapeError for two shapes. */
export const meanSquaredLogarithmicError: LossKind = defineLoss(
  {
    kind: "meanSquaredLogarithmicError",
    title: { en: "Mean squared logarithmic error", zh: "均方对数误差" },
    description: {
      en: "For positive values of very different sizes: compares their logarithms.",
      zh: "用于量级相差很大的正值：比较它们的对数。",
    },
    formula: "L = \\frac{1}{n} \\sum_i (\\ln(1 + y_i) - \\ln(1 + \\hat{y}_i))^2",
    source: "Keras MeanSquaredLogarithmicError",
    fields: [],
  },
  (yTrue, yPred) => yPred.maximum(epsilon).add(1).log().sub(yTrue.maximum(epsilon).add(1).log()).square(),
);
