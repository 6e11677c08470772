import { defineLoss, type LossKind } from "../loss";

/** The mean of log(cosh(yPred - yTrue)), rank 0, which does not overflow. @throws ShapeError for two shapes. */
export const logCosh: LossKind = defineLoss(
  {
    kind: "logCosh",
    title: { en: "Log-cosh", zh: "对数双曲余弦" },
    description: {
      en: "Squared for small differences, absolute for large ones.",
      zh: "小误差按平方、大误差按绝对值计。",
    },
    formula: "L = \\frac{1}{n} \\sum_i \\ln\\cosh(\\hat{y}_i - y_i)",
    source: "Keras LogCosh",
    fields: [],
  },
  (yTrue, yPred) => {
    const difference = yPred.sub(yTrue);
    return difference.add(difference.mul(-2).softplus()).sub(Math.LN2);
  },
);
