import { defineLoss, type LossKind } from "../define/loss";
import { epsilon } from "./logProbabilities";

/**
 * Mean squared logarithmic error: compares the logarithms of positive values of very different magnitudes; the mean
 * over all elements.
 *
 * Computes $L = \frac{1}{n} \sum_i (\ln(1 + y_i) - \ln(1 + \hat{y}_i))^2$; values below 1e-7 count as 1e-7. Shapes:
 * yTrue and yPred alike -> `[]`.
 * @param yTrue true values >= 0
 * @param yPred predicted values >= 0
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `MeanSquaredLogarithmicError`
 * @example
 * losses.meanSquaredLogarithmicError(tensor([0, 1]), tensor([1, 1])); // => 0.2402
 */
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
