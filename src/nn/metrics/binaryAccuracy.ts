import { amountField } from "../trainingFields";
import { defineMeanMetric, type MetricKind } from "../metric";
import { alike } from "./classes";

export interface ThresholdOptions {
  /** A prediction above it says yes. Default 0.5; 0 for scores (logits). */
  threshold?: number;
}

export const thresholdField = { ...amountField("threshold", { en: "Threshold", zh: "阈值" }, 0.5), min: undefined };

/**
 * The part of elements where yPred > threshold agrees with yTrue, 0 or 1.
 * @throws ShapeError for two shapes. Source: Keras BinaryAccuracy.
 */
export const binaryAccuracy: MetricKind<ThresholdOptions> = defineMeanMetric<ThresholdOptions>(
  {
    kind: "binaryAccuracy",
    title: { en: "Binary accuracy", zh: "二元准确率" },
    description: { en: "Fraction of binary labels predicted correctly.", zh: "是与否判断正确的比例。" },
    formula: "\\frac{1}{n} \\sum_i [y_i = [\\hat{y}_i > t]]",
    source: "Keras BinaryAccuracy",
    fields: [thresholdField],
  },
  (yTrue, yPred, { threshold }) =>
    alike("binaryAccuracy()", yTrue, yPred).cast("float32").equal(yPred.greater(threshold).cast("float32")),
);
