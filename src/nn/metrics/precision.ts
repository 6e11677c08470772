import { defineMetric, type MetricKind, ratio } from "../metric";
import { type ThresholdOptions, thresholdField } from "./binaryAccuracy";
import { yesCounts } from "./counts";

/** Of all elements of yPred above the threshold, the part that yTrue (0 or 1) confirms; 0 where there is none. Source: Keras Precision. */
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
