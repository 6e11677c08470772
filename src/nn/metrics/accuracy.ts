import { defineMetric, type MetricKind } from "../metric";
import { binaryAccuracy } from "./binaryAccuracy";
import { categoricalAccuracy } from "./categoricalAccuracy";
import { sparseCategoricalAccuracy } from "./sparseCategoricalAccuracy";

/**
 * The accuracy that the shapes call for, as Keras chooses it: binary where yPred's
 * last axis is 1, sparse where yTrue has one axis less or a last axis of 1, else categorical.
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
