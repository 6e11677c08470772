import { defineMetric, type MetricKind, ratio } from "../metric";
import { type ThresholdOptions, thresholdField } from "./binaryAccuracy";
import { yesCounts } from "./counts";

/** Of all elements that yTrue (0 or 1) says yes to, the part of yPred above the threshold; 0 where there is none. Source: Keras Recall. */
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
