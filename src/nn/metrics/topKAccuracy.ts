import { where } from "../../tensor/ops/where";
import { defineMeanMetric, type MetricKind } from "../define/metric";
import { wholeField } from "../define/trainingFields";
import { trueClasses } from "./classes";

/** Options of `topKAccuracy`. */
export interface TopKOptions {
  /** Number of greatest scores to search, a whole number >= 1. Default 5. */
  k?: number;
}

/**
 * Fraction of rows whose true class is among the k greatest scores.
 *
 * $\frac{1}{n} \sum_i [\hat{y}_{i, y_i} \text{ is among the } k \text{ greatest}]$. Shapes: yPred `[..., classes]`,
 * yTrue as classes `[...]` or `[..., 1]` or as one-hot rows -> `[]`. Of equal scores at the limit all count; NaN never
 * does.
 * @param yTrue classes or one-hot rows
 * @param yPred scores or probabilities
 * @param options `k` defaults to 5
 * @throws ShapeError for other shapes; ArgumentError for an option out of range or unknown
 * @see Keras `TopKCategoricalAccuracy` and `SparseTopKCategoricalAccuracy`
 * @example
 * const yPred = tensor([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]);
 * metrics.topKAccuracy(tensor([1, 0]), yPred, { k: 2 }); // => 0.5
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
    // Counting the scores that are not above it excludes NaN and classes out of range.
    return yPred
      .lessEqual(score)
      .sum(-1)
      .greater(Math.max(0, classes - k));
  },
);
