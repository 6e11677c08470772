import { amountField } from "../trainingFields";
import { defineLoss, type LossKind } from "../loss";

export interface HuberOptions {
  /** Where the square goes over into a line. Default 1. */
  delta?: number;
}

/**
 * The mean of d^2 / 2 where |d| = |yPred - yTrue| <= delta, and of
 * delta * (|d| - delta / 2) beyond, rank 0. @throws ShapeError for two shapes.
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
