import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import { checkSameShape } from "./checkShapes";
import { logProbabilities } from "./logProbabilities";

const info: KindInfo = {
  kind: "categoricalCrossentropy",
  title: { en: "Categorical cross-entropy", zh: "分类交叉熵" },
  description: { en: "For classes given as one-hot rows or as probabilities.", zh: "用于以独热或概率给出的类别。" },
  formula: "L = -\\frac{1}{n} \\sum_i \\sum_c y_{ic} \\log \\hat{p}_{ic}",
  source: "Keras CategoricalCrossentropy",
  fields: [
    { name: "fromLogits", title: { en: "From logits", zh: "输入为未归一化分数" }, type: "boolean", default: false },
  ],
};

export interface CrossentropyOptions {
  /** True if yPred are scores rather than probabilities. Default false, as Keras. */
  fromLogits?: boolean;
}

/**
 * The mean over all rows of -sum(yTrue * log p), rank 0. yTrue and yPred [..., classes].
 * Probabilities are normalised and held within [1e-7, 1 - 1e-7], as Keras does.
 * @throws ShapeError for two shapes.
 */
export const categoricalCrossentropy = Object.assign(
  (yTrue: Operand, yPred: Operand, { fromLogits = false }: CrossentropyOptions = {}): Tensor => {
    checkSameShape("categoricalCrossentropy()", yTrue, yPred);
    return logProbabilities(yPred, fromLogits).mul(yTrue).sum(-1).mean().neg();
  },
  { info },
);
