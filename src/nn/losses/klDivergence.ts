import { defineLoss, type LossKind } from "../loss";
import { epsilon } from "./logProbabilities";

/** The mean over rows of sum(yTrue * log(yTrue / yPred)), both held within [1e-7, 1], rank 0. @throws ShapeError for two shapes. */
export const klDivergence: LossKind = defineLoss(
  {
    kind: "klDivergence",
    title: { en: "Kullback-Leibler divergence", zh: "KL 散度" },
    description: {
      en: "Divergence of the predicted probabilities from the true ones.",
      zh: "预测概率分布与真实分布的差距。",
    },
    formula: "L = \\frac{1}{n} \\sum_i \\sum_c y_{ic} \\ln \\frac{y_{ic}}{\\hat{y}_{ic}}",
    source: "Keras KLDivergence",
    fields: [],
  },
  (yTrue, yPred) => {
    const truth = yTrue.cast("float32").clip(epsilon, 1);
    return truth.mul(truth.log().sub(yPred.clip(epsilon, 1).log())).sum(-1);
  },
);
