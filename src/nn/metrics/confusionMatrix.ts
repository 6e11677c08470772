import { ArgumentError } from "../../base/errors";
import type { Operand, Tensor } from "../../tensor/tensor";
import { wholeField } from "../trainingFields";
import { expectShape } from "../loss";
import { defineMetric, type MetricKind } from "../metric";
import { trueClasses } from "./classes";

export interface ConfusionMatrixOptions {
  /** Needed where yPred are labels; else yPred's last axis. Default null. */
  classes?: number | null;
}

function oneHotRows(labels: Tensor, classes: number): Tensor {
  return labels.reshape([-1]).oneHot(classes);
}

function countsOf(yTrue: Operand, yPred: Operand, classes: number | null): Tensor {
  const at = "confusionMatrix()";
  if (classes === null && yPred.rank < 2)
    throw new ArgumentError({
      at,
      expected: "classes, where yPred are labels",
      got: "none",
      remedy: "Pass { classes }.",
    });
  if (classes === null || yPred.rank > yTrue.rank) {
    const depth = classes ?? yPred.shape.at(-1)!;
    return oneHotRows(trueClasses(at, yTrue, yPred), depth)
      .transpose()
      .matmul(oneHotRows(yPred.argmax(-1), depth));
  }
  expectShape(at, yTrue, yPred.shape);
  const [truth, found] = [yTrue, yPred].map((labels) => oneHotRows(labels.cast("int32"), classes));
  return truth!.transpose().matmul(found!);
}

/**
 * How often each true class (a row) was taken for each class (a column): int32
 * [classes, classes]. yPred are scores [..., classes], or labels in yTrue's shape with
 * `classes` given; then yTrue are labels too. Classes out of range are left out.
 * Source: TensorFlow confusion_matrix.
 */
export const confusionMatrix: MetricKind<ConfusionMatrixOptions> = defineMetric<ConfusionMatrixOptions>({
  info: {
    kind: "confusionMatrix",
    title: { en: "Confusion matrix", zh: "混淆矩阵" },
    description: {
      en: "Counts how often each class is predicted as each other class.",
      zh: "每个类别被判为各类别的次数。",
    },
    formula: "C_{ij} = \\#\\{k : y_k = i, \\hat{y}_k = j\\}",
    source: "TensorFlow confusion_matrix",
    fields: [{ ...wholeField("classes", { en: "Classes", zh: "类别数" }), default: null }],
  },
  update: (yTrue, yPred, { classes }) => [countsOf(yTrue, yPred, classes).cast("int32")],
  result: ([counts]) => counts!,
});
