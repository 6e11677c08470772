import { expectShape } from "../loss";
import { defineMeanMetric, type MetricKind } from "../metric";

/**
 * The part of rows whose greatest score stands at the class of a one-hot yTrue.
 * @throws ShapeError for two shapes. Source: Keras CategoricalAccuracy.
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
