import { defineMeanMetric, type MetricKind } from "../define/metric";
import { alike } from "./classes";

/**
 * Mean absolute error: the mean of the absolute differences over all elements.
 *
 * $\frac{1}{n} \sum_i |y_i - \hat{y}_i|$. Shapes: yTrue and yPred alike, or `[batch]` and `[batch, 1]` -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @throws ShapeError for other shapes; ArgumentError for any option
 * @see Keras `MeanAbsoluteError`
 * @example
 * metrics.meanAbsoluteError(tensor([1, 2]), tensor([[1], [5]])); // => 1.5
 */
export const meanAbsoluteError: MetricKind = defineMeanMetric(
  {
    kind: "meanAbsoluteError",
    title: { en: "Mean absolute error", zh: "平均绝对误差" },
    description: { en: "Mean of the absolute differences.", zh: "差的绝对值的平均值。" },
    formula: "\\frac{1}{n} \\sum_i |y_i - \\hat{y}_i|",
    source: "Keras MeanAbsoluteError",
    fields: [],
  },
  (yTrue, yPred) =>
    yPred
      .cast("float32")
      .sub(alike("meanAbsoluteError()", yTrue, yPred))
      .abs(),
);
