import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import type { CrossentropyOptions } from "./categoricalCrossentropy";
import { expectShape } from "./checkShapes";
import { logProbabilities, logSoftmax } from "./logProbabilities";

const info: KindInfo = {
  kind: "sparseCategoricalCrossentropy",
  title: { en: "Sparse categorical cross-entropy", zh: "稀疏分类交叉熵" },
  description: { en: "For classes given as whole numbers.", zh: "用于以整数给出的类别。" },
  formula: "L = -\\frac{1}{n} \\sum_i \\log \\hat{p}_{i, y_i}",
  source: "Keras SparseCategoricalCrossentropy",
  fields: [
    { name: "fromLogits", title: { en: "From logits", zh: "输入为未归一化分数" }, type: "boolean", default: false },
  ],
};

/**
 * The mean over all rows of -log p of the true class, rank 0. yTrue int32 [...],
 * yPred [..., classes]. Probabilities are held within [1e-7, 1 - 1e-7] and then
 * normalised, as Keras does. A class outside 0..classes-1 counts as 0.
 * @throws ShapeError if yTrue is not yPred's shape without its last axis.
 */
export const sparseCategoricalCrossentropy = Object.assign(
  (yTrue: Operand, yPred: Operand, { fromLogits = false }: CrossentropyOptions = {}): Tensor => {
    expectShape("sparseCategoricalCrossentropy()", yTrue, yPred.shape.slice(0, -1));
    const logs = fromLogits ? logSoftmax(yPred) : logSoftmax(logProbabilities(yPred, false));
    const chosen = yTrue.cast("int32").oneHot(yPred.shape.at(-1)!).cast("float32");
    return logs.mul(chosen).sum(-1).mean().neg();
  },
  { info },
);
