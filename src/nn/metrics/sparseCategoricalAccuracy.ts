import { defineMeanMetric, type MetricKind } from "../metric";
import { trueClasses } from "./classes";

/**
 * The part of rows whose greatest score stands at the class that yTrue [...] or
 * [..., 1] names. @throws ShapeError for any other shape. Source: Keras SparseCategoricalAccuracy.
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
