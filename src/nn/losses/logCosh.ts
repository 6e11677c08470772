import { defineLoss, type LossKind } from "../define/loss";

/**
 * Logarithm of the hyperbolic cosine of the differences: nearly squared for small ones, nearly absolute for large ones;
 * the mean over all elements.
 *
 * Computes $L = \frac{1}{n} \sum_i \ln\cosh(\hat{y}_i - y_i)$, without overflow. Shapes: yTrue and yPred alike -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `LogCosh`
 * @example
 * losses.logCosh(tensor([0, 0]), tensor([0, 1])); // => 0.2169
 */
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
