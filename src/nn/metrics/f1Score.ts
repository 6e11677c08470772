import { defineMetric, type MetricKind, ratio } from "../define/metric";
import { type ThresholdOptions, thresholdField } from "./binaryAccuracy";
import { yesCounts } from "./counts";

/**
 * F1 score: the harmonic mean of precision and recall over all elements.
 *
 * $\frac{2 TP}{2 TP + FP + FN}$ with true positives, false positives and false negatives counted over all elements; 0
 * if there are none. Shapes: yTrue and yPred alike, or `[batch]` and `[batch, 1]` -> `[]`.
 * @param yTrue 0 or 1
 * @param yPred probabilities or scores
 * @param options `threshold`: a prediction above it is a yes; defaults to 0.5
 * @throws ShapeError for other shapes; ArgumentError for an unknown option
 * @see Keras `F1Score` with `average="micro"`
 * @example
 * metrics.f1Score(tensor([1, 1, 0, 0]), tensor([0.9, 0.2, 0.8, 0.1])); // => 0.5
 */
export const f1Score: MetricKind<ThresholdOptions> = defineMetric<ThresholdOptions>({
  info: {
    kind: "f1Score",
    title: { en: "F1 score", zh: "F1 分数" },
    description: { en: "Harmonic mean of precision and recall.", zh: "精确率与召回率的调和平均。" },
    formula: "\\frac{2 TP}{2 TP + FP + FN}",
    source: "Keras F1Score",
    fields: [thresholdField],
  },
  update(yTrue, yPred, { threshold }) {
    const { right, wrongYes, wrongNo } = yesCounts("f1Score()", yTrue, yPred, threshold);
    return [right.mul(2), right.mul(2).add(wrongYes).add(wrongNo)];
  },
  result: ([right, all]) => ratio(right!, all!),
});
