import { defineMetric, type MetricKind } from "../metric";
import { meanSquaredError } from "./meanSquaredError";

/** The root of the mean over all elements of (yTrue - yPred)^2. @throws ShapeError for two shapes. */
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
