import { defineLoss, type LossKind } from "../define/loss";
import { epsilon } from "./logProbabilities";

/**
 * Poisson loss of counts that are predicted by their mean; the mean over all elements.
 *
 * Computes $L = \frac{1}{n} \sum_i \hat{y}_i - y_i \ln(\hat{y}_i + \epsilon)$ with $\epsilon$ = 1e-7, the negative
 * log-likelihood without its constant term. Shapes: yTrue and yPred alike -> `[]`.
 * @param yTrue counts >= 0
 * @param yPred predicted means >= 0
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `Poisson`; PyTorch `PoissonNLLLoss` with `log_input=False`
 * @example
 * losses.poisson(tensor([1, 2]), tensor([1, 2])); // => 0.8069
 */
export const poisson: LossKind = defineLoss(
  {
    kind: "poisson",
    title: { en: "Poisson", zh: "泊松损失" },
    description: { en: "For counts; predictions are their means.", zh: "用于计数，预测值为其均值。" },
    formula: "L = \\frac{1}{n} \\sum_i \\hat{y}_i - y_i \\ln(\\hat{y}_i + \\epsilon)",
    source: "Keras Poisson",
    fields: [],
  },
  (yTrue, yPred) => yPred.sub(yPred.add(epsilon).log().mul(yTrue)),
);
