import { defineMeanMetric, type MetricKind } from "../define/metric";
import { amountField } from "../define/trainingFields";
import { alike } from "./classes";

/** Options of metrics of yes-or-no predictions. */
export interface ThresholdOptions {
  /** Threshold: a prediction above it is a yes. Default 0.5; use 0 for scores (logits). */
  threshold?: number;
}

export const thresholdField = { ...amountField("threshold", { en: "Threshold", zh: "阈值" }, 0.5), min: undefined };

/**
 * Fraction of elements whose yes-or-no prediction is correct.
 *
 * $\frac{1}{n} \sum_i [y_i = [\hat{y}_i > t]]$. Shapes: yTrue and yPred alike, or `[batch]` and `[batch, 1]` -> `[]`.
 * @param yTrue 0 or 1
 * @param yPred probabilities or scores
 * @param options `threshold`, $t$, defaults to 0.5
 * @throws ShapeError for other shapes; ArgumentError for an unknown option
 * @see Keras `BinaryAccuracy`
 * @example
 * metrics.binaryAccuracy(tensor([0, 1, 1]), tensor([0.2, 0.9, 0.4])); // => 0.6667
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
