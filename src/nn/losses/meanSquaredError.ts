import { defineLoss, type LossKind } from "../define/loss";

/**
 * Mean squared error: the mean of the squared differences over all elements.
 *
 * Computes $L = \frac{1}{n} \sum_i (y_i - \hat{y}_i)^2$. Shapes: yTrue and yPred alike -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `MeanSquaredError`; PyTorch `MSELoss`
 * @example
 * losses.meanSquaredError(tensor([1, 2]), tensor([1, 5])); // => 4.5
 * losses.meanSquaredError(tensor([1, 2]), tensor([1, 5]), { sampleWeight: tensor([1, 0]) }); // => 0
 */
export const meanSquaredError: LossKind = defineLoss(
  {
    kind: "meanSquaredError",
    title: { en: "Mean squared error", zh: "均方误差" },
    description: { en: "Mean of the squared differences.", zh: "差的平方的平均值。" },
    formula: "L = \\frac{1}{n} \\sum_i (y_i - \\hat{y}_i)^2",
    source: "Keras MeanSquaredError",
    fields: [],
  },
  (yTrue, yPred) => yPred.sub(yTrue).square(),
);
