import { defineLoss, type LossKind } from "../define/loss";
import { epsilon } from "./logProbabilities";

/**
 * Kullback-Leibler divergence: how far predicted distributions are from the true ones; the mean over all rows.
 *
 * Computes $L = \frac{1}{n} \sum_i \sum_c y_{ic} \ln (y_{ic} / \hat{y}_{ic})$, with all probabilities clipped to [1e-7,
 * 1]. Shapes: yTrue and yPred `[..., classes]` -> `[]`.
 * @param yTrue true probabilities
 * @param yPred predicted probabilities
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Kullback & Leibler 1951; Keras `KLDivergence`; PyTorch `KLDivLoss`, which expects logarithms of the predictions
 * @example
 * losses.klDivergence(tensor([[0.5, 0.5]]), tensor([[0.25, 0.75]])); // => 0.1438
 */
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
