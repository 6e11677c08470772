import { defineMeanMetric, type MetricKind } from "../define/metric";
import { alike } from "./classes";

/**
 * Mean squared error: the mean of the squared differences over all elements.
 *
 * $\frac{1}{n} \sum_i (y_i - \hat{y}_i)^2$. Shapes: yTrue and yPred alike, or `[batch]` and `[batch, 1]` -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @throws ShapeError for other shapes; ArgumentError for any option
 * @see Keras `MeanSquaredError`
 * @example
 * metrics.meanSquaredError(tensor([1, 2]), tensor([[1], [5]])); // => 4.5
 */
export const meanSquaredError: MetricKind = defineMeanMetric(
  {
    kind: "meanSquaredError",
    title: { en: "Mean squared error", zh: "均方误差" },
    description: { en: "Mean of the squared differences.", zh: "差的平方的平均值。" },
    formula: "\\frac{1}{n} \\sum_i (y_i - \\hat{y}_i)^2",
    source: "Keras MeanSquaredError",
    fields: [],
  },
  (yTrue, yPred) =>
    yPred
      .cast("float32")
      .sub(alike("meanSquaredError()", yTrue, yPred))
      .square(),
);
