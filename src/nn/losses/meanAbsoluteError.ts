import { defineLoss, type LossKind } from "../define/loss";

/**
 * Mean absolute error: the mean of the absolute differences over all elements.
 *
 * Computes $L = \frac{1}{n} \sum_i |y_i - \hat{y}_i|$. Shapes: yTrue and yPred alike -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `MeanAbsoluteError`; PyTorch `L1Loss`
 * @example
 * losses.meanAbsoluteError(tensor([1, 2]), tensor([1, 5])); // => 1.5
 */
export const meanAbsoluteError: LossKind = defineLoss(
  {
    kind: "meanAbsoluteError",
    title: { en: "Mean absolute error", zh: "平均绝对误差" },
    description: { en: "Mean of the absolute differences.", zh: "差的绝对值的平均值。" },
    formula: "L = \\frac{1}{n} \\sum_i |y_i - \\hat{y}_i|",
    source: "Keras MeanAbsoluteError",
    fields: [],
  },
  (yTrue, yPred) => yPred.sub(yTrue).abs(),
);
