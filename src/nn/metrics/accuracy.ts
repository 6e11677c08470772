import { defineMetric, type MetricKind } from "../define/metric";
import { binaryAccuracy } from "./binaryAccuracy";
import { categoricalAccuracy } from "./categoricalAccuracy";
import { sparseCategoricalAccuracy } from "./sparseCategoricalAccuracy";

/**
 * Accuracy: the fraction of correct predictions; the shapes decide how they are compared.
 *
 * If yPred's last axis is 1, `binaryAccuracy` with the threshold 0.5; if yTrue has one axis less than yPred or a last
 * axis of 1, `sparseCategoricalAccuracy`; else `categoricalAccuracy`. Shapes: yPred `[..., classes]`, yTrue `[...]`,
 * `[..., 1]` or `[..., classes]` -> `[]`.
 * @param yTrue classes, one-hot rows, or 0 and 1
 * @param yPred scores or probabilities
 * @throws ShapeError for shapes that do not fit; ArgumentError for any option
 * @see Keras, `metrics=["accuracy"]`
 * @example
 * metrics.accuracy(tensor([0, 1]), tensor([[0.9, 0.1], [0.8, 0.2]])); // => 0.5
 */
export const accuracy: MetricKind = defineMetric({
  info: {
    kind: "accuracy",
    title: { en: "Accuracy", zh: "准确率" },
    description: { en: "Fraction of correct predictions.", zh: "预测正确的比例。" },
    source: "Keras",
    fields: [],
  },
  update(yTrue, yPred) {
    if (yPred.shape.at(-1) === 1) return binaryAccuracy.update(yTrue, yPred);
    const isSparse = yTrue.rank < yPred.rank || yTrue.shape.at(-1) === 1;
    return (isSparse ? sparseCategoricalAccuracy : categoricalAccuracy).update(yTrue, yPred);
  },
  result: binaryAccuracy.result,
});
