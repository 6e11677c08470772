import { defineMetric, type MetricKind, ratio } from "../define/metric";
import { type ThresholdOptions, thresholdField } from "./binaryAccuracy";
import { yesCounts } from "./counts";

/**
 * Recall: the fraction of true yes that are predicted.
 *
 * $\frac{TP}{TP + FN}$ with true positives and false negatives counted over all elements; 0 if there are none. Shapes:
 * yTrue and yPred alike, or `[batch]` and `[batch, 1]` -> `[]`.
 * @param yTrue 0 or 1
 * @param yPred probabilities or scores
 * @param options `threshold`: a prediction above it is a yes; defaults to 0.5
 * @throws ShapeError for other shapes; ArgumentError for an unknown option
 * @see Keras `Recall`
 * @example
 * metrics.recall(tensor([1, 0, 1, 1]), tensor([0.9, 0.6, 0.8, 0.1])); // => 0.6667
 */
export const recall: MetricKind<ThresholdOptions> = defineMetric<ThresholdOptions>({
  info: {
    kind: "recall",
    title: { en: "Recall", zh: "召回率" },
    description: { en: "Fraction of actual positives that are found.", zh: "真正为“是”的里面被找到的比例。" },
    formula: "\\frac{TP}{TP + FN}",
    source: "Keras Recall",
    fields: [thresholdField],
  },
  update(yTrue, yPred, { threshold }) {
    const { right, wrongNo } = yesCounts("recall()", yTrue, yPred, threshold);
    return [right, right.add(wrongNo)];
  },
  result: ([right, all]) => ratio(right!, all!),
});
