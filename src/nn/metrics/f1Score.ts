import { defineMetric, type MetricKind, ratio } from "../metric";
import { type ThresholdOptions, thresholdField } from "./binaryAccuracy";
import { yesCounts } from "./counts";

/** 2 TP / (2 TP + FP + FN) over all elements, 0 where there is none: Keras F1Score with average "micro" and this threshold. */
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
