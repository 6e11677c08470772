import { ArgumentError } from "../../base/errors";
import type { Operand, Tensor } from "../../tensor/tensor";
import { expectShape } from "../define/loss";
import { defineMetric, type MetricKind } from "../define/metric";
import { wholeField } from "../define/trainingFields";
import { trueClasses } from "./classes";

/** Options of `confusionMatrix`. */
export interface ConfusionMatrixOptions {
  /** Number of classes, a whole number >= 1; required where yPred are labels. Default null: yPred's last axis. */
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
 * Confusion matrix: how often each true class (row) was predicted as each class (column).
 *
 * $C_{ij} = \#\{k : y_k = i, \hat{y}_k = j\}$. Shapes: yPred `[..., classes]` with yTrue as labels `[...]` or one-hot,
 * or with the option `classes` both as labels `[...]` -> int32 `[classes, classes]`. Rows with a class out of range are
 * left out.
 * @param yTrue labels or one-hot rows
 * @param yPred scores, or labels with the option `classes`
 * @param options `classes` defaults to null: yPred's last axis
 * @throws ShapeError for shapes that do not fit; ArgumentError for labels without `classes` and for an unknown option
 * @see TensorFlow `confusion_matrix`
 * @example
 * const yTrue = tensor([0, 1, 1]);
 * metrics.confusionMatrix(yTrue, tensor([0, 1, 0]), { classes: 2 }); // => [[1, 0], [1, 1]]
 * metrics.confusionMatrix(yTrue, tensor([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])); // => [[1, 0], [1, 1]]
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
