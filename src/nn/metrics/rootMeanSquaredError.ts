import { defineMetric, type MetricKind } from "../define/metric";
import { meanSquaredError } from "./meanSquaredError";

/**
 * Root mean squared error: the root of the mean of the squared differences over all elements.
 *
 * $\sqrt{\frac{1}{n} \sum_i (y_i - \hat{y}_i)^2}$, over many batches the root of the mean over all of them. Shapes:
 * yTrue and yPred alike, or `[batch]` and `[batch, 1]` -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @throws ShapeError for other shapes; ArgumentError for any option
 * @see Keras `RootMeanSquaredError`
 * @example
 * metrics.rootMeanSquaredError(tensor([1, 2]), tensor([[1], [5]])); // => 2.1213
 */
export const rootMeanSquaredError: MetricKind = defineMetric({
  info: {
    kind: "rootMeanSquaredError",
    title: { en: "Root mean squared error", zh: "均方根误差" },
    description: { en: "Typical size of the error.", zh: "误差的典型大小。" },
    formula: "\\sqrt{\\frac{1}{n} \\sum_i (y_i - \\hat{y}_i)^2}",
    source: "Keras RootMeanSquaredError",
    fields: [],
  },
  update: meanSquaredError.update,
  result: (sums) => meanSquaredError.result(sums).sqrt(),
});
