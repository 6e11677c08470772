import { where } from "../../tensor/ops/where";
import { wholeField } from "../trainingFields";
import { defineMeanMetric, type MetricKind } from "../metric";
import { trueClasses } from "./classes";

export interface TopKOptions {
  /** Default 5. */
  k?: number;
}

/**
 * The part of rows whose true class is among the k greatest scores; of equal scores
 * at the edge all count. yTrue as labels or one-hot. NaN is never among them.
 * Source: Keras TopKCategoricalAccuracy, SparseTopKCategoricalAccuracy.
 */
export const topKAccuracy: MetricKind<TopKOptions> = defineMeanMetric<TopKOptions>(
  {
    kind: "topKAccuracy",
    title: { en: "Top-k accuracy", zh: "前 k 准确率" },
    description: {
      en: "Fraction of rows whose true class is among the k highest scores.",
      zh: "真实类别在得分最高的 k 个之内的比例。",
    },
    formula: "\\frac{1}{n} \\sum_i [\\hat{y}_{i, y_i} \\text{ is among the greatest } k]",
    source: "Keras TopKCategoricalAccuracy",
    fields: [wholeField("k", { en: "k", zh: "k" }, 5)],
  },
  (yTrue, yPred, { k }) => {
    const classes = yPred.shape.at(-1)!;
    const chosen = trueClasses("topKAccuracy()", yTrue, yPred).oneHot(classes).cast("bool");
    const score = where(chosen, yPred, -Infinity).max(-1, true);
    // Counting those that are not above it leaves out NaN, and a class that does not exist.
    return yPred
      .lessEqual(score)
      .sum(-1)
      .greater(Math.max(0, classes - k));
  },
);
