import { defineMeanMetric, type MetricKind } from "../define/metric";
import { trueClasses } from "./classes";

/**
 * Fraction of rows whose greatest score is at the true class, which is a whole number.
 *
 * $\frac{1}{n} \sum_i [y_i = \arg\max \hat{y}_i]$. Shapes: yTrue `[...]` or `[..., 1]`, yPred `[..., classes]` -> `[]`.
 * One-hot rows of yPred's shape count too.
 * @param yTrue classes
 * @param yPred scores or probabilities
 * @throws ShapeError for other shapes; ArgumentError for any option
 * @see Keras `SparseCategoricalAccuracy`
 * @example
 * metrics.sparseCategoricalAccuracy(tensor([1, 1]), tensor([[0.2, 0.8], [0.7, 0.3]])); // => 0.5
 */
export const sparseCategoricalAccuracy: MetricKind = defineMeanMetric(
  {
    kind: "sparseCategoricalAccuracy",
    title: { en: "Sparse categorical accuracy", zh: "稀疏分类准确率" },
    description: { en: "Fraction of integer classes predicted correctly.", zh: "以整数给出的类别预测正确的比例。" },
    formula: "\\frac{1}{n} \\sum_i [y_i = \\arg\\max \\hat{y}_i]",
    source: "Keras SparseCategoricalAccuracy",
    fields: [],
  },
  (yTrue, yPred) => trueClasses("sparseCategoricalAccuracy()", yTrue, yPred).equal(yPred.argmax(-1)),
);
