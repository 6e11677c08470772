import { defineMeanMetric, type MetricKind } from "../metric";
import { alike } from "./classes";

/** The mean over all elements of (yTrue - yPred)^2. @throws ShapeError for two shapes. */
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
