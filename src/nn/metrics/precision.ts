import { defineMetric, type MetricKind, ratio } from "../define/metric";
import { type ThresholdOptions, thresholdField } from "./binaryAccuracy";
import { yesCounts } from "./counts";

/**
 * Precision: the fraction of predicted yes that are correct.
 *
 * $\frac{TP}{TP + FP}$ with true and false positives counted over all elements; 0 if there are none. Shapes: yTrue and
 * yPred alike, or `[batch]` and `[batch, 1]` -> `[]`.
 * @param yTrue 0 or 1
 * @param yPred probabilities or scores
 * @param options `threshold`: a prediction above it is a yes; defaults to 0.5
 * @throws ShapeError for other shapes; ArgumentError for an unknown option
 * @see Keras `Precision`
 * @example
 * const yTrue = tensor([1, 0, 1, 0]);
 * const yPred = tensor([0.9, 0.6, 0.8, 0.1]);
 * metrics.precision(yTrue, yPred); // => 0.6667
 * metrics.precision.with({ threshold: 0.7 })(yTrue, yPred); // => 1
 */
export const precision: MetricKind<ThresholdOptions> = defineMetric<ThresholdOptions>({
  info: {
    kind: "precision",
    title: { en: "Precision", zh: "精确率" },
    description: { en: "Fraction of predicted positives that are correct.", zh: "判为“是”的里面真正为“是”的比例。" },
    formula: "\\frac{TP}{TP + FP}",
    source: "Keras Precision",
    fields: [thresholdField],
  },
  update(yTrue, yPred, { threshold }) {
    const { right, wrongYes } = yesCounts("precision()", yTrue, yPred, threshold);
    return [right, right.add(wrongYes)];
  },
  result: ([right, all]) => ratio(right!, all!),
});
