import { defineMeanMetric, type MetricKind } from "../metric";
import { alike } from "./classes";

/** The mean over all elements of |yTrue - yPred|. @throws ShapeError for two shapes. */
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
