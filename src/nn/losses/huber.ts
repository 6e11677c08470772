import { defineLoss, type LossKind } from "../define/loss";
import { amountField } from "../define/trainingFields";

/** Options of `huber`. */
export interface HuberOptions {
  /** Difference up to which the loss is a square, >= 0; beyond it, it is a line. Default 1. */
  delta?: number;
}

/**
 * Huber loss: squared for small differences, linear for large ones, so that outliers weigh less; the mean over all
 * elements.
 *
 * With $d = \hat{y} - y$, computes the mean of $d^2 / 2$ where $|d| \le \delta$, and of $\delta (|d| - \delta / 2)$
 * elsewhere. Shapes: yTrue and yPred alike -> `[]`.
 * @param yTrue true values
 * @param yPred predicted values
 * @param options `delta`, $\delta$, defaults to 1, `sampleWeight` to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an option out of range or unknown
 * @see Huber 1964; Keras `Huber`; PyTorch `HuberLoss`
 * @example
 * losses.huber(tensor([0, 0]), tensor([1, 3])); // => 1.5
 */
export const huber: LossKind<HuberOptions> = defineLoss<HuberOptions>(
  {
    kind: "huber",
    title: { en: "Huber", zh: "Huber 损失" },
    description: {
      en: "Squared for differences up to delta, absolute beyond.",
      zh: "误差在 δ 以内按平方、以外按绝对值计。",
    },
    formula: "L = \\frac{1}{n} \\sum_i m_i (|d_i| - m_i / 2), \\quad m_i = \\min(|d_i|, \\delta)",
    source: "Keras Huber",
    fields: [amountField("delta", { en: "Delta", zh: "δ" }, 1)],
  },
  (yTrue, yPred, { delta }) => {
    const size = yPred.sub(yTrue).abs();
    const inside = size.minimum(delta);
    return inside.mul(size.sub(inside.mul(0.5)));
  },
);
