import { expectShape } from "../define/loss";
import { defineMeanMetric, type MetricKind } from "../define/metric";

/**
 * Fraction of rows whose greatest score is at the true class of a one-hot row.
 *
 * $\frac{1}{n} \sum_i [\arg\max y_i = \arg\max \hat{y}_i]$. Shapes: yTrue and yPred `[..., classes]` -> `[]`.
 * @param yTrue one-hot rows
 * @param yPred scores or probabilities
 * @throws ShapeError unless the shapes are equal; ArgumentError for any option
 * @see Keras `CategoricalAccuracy`
 * @example
 * metrics.categoricalAccuracy(tensor([[0, 1], [1, 0]]), tensor([[0.2, 0.8], [0.3, 0.7]])); // => 0.5
 */
export const categoricalAccuracy: MetricKind = defineMeanMetric(
  {
    kind: "categoricalAccuracy",
    title: { en: "Categorical accuracy", zh: "分类准确率" },
    description: { en: "Fraction of one-hot classes predicted correctly.", zh: "独热类别预测正确的比例。" },
    formula: "\\frac{1}{n} \\sum_i [\\arg\\max y_i = \\arg\\max \\hat{y}_i]",
    source: "Keras CategoricalAccuracy",
    fields: [],
  },
  (yTrue, yPred) => {
    expectShape("categoricalAccuracy()", yTrue, yPred.shape);
    return yTrue.argmax(-1).equal(yPred.argmax(-1));
  },
);
