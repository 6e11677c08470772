import type { Operand, Tensor } from "../../tensor/tensor";
import { defineLoss, type LossKind } from "../define/loss";
import { epsilon } from "./logProbabilities";

/** Scales rows to length 1. The floor is applied before the root, so that a row of zeros still has a gradient. */
function unit(x: Operand): Tensor {
  return x.div(
    x
      .square()
      .sum(-1, true)
      .maximum(epsilon ** 2)
      .sqrt(),
  );
}

/**
 * Negative cosine of the angle between true and predicted rows: -1 for equal directions, 1 for opposite ones; the mean
 * over all rows.
 *
 * Computes $L = -\frac{1}{n} \sum_i \frac{y_i \cdot \hat{y}_i}{\|y_i\| \|\hat{y}_i\|}$ along the last axis; norms are
 * at least 1e-7. Shapes: yTrue and yPred `[..., features]` -> `[]`.
 * @param yTrue true rows
 * @param yPred predicted rows
 * @param options `sampleWeight` defaults to all 1
 * @throws ShapeError unless the shapes are equal; ArgumentError for an unknown option
 * @see Keras `CosineSimilarity`; PyTorch's `CosineSimilarity` has the opposite sign
 * @example
 * losses.cosineSimilarity(tensor([[1, 0], [1, 1]]), tensor([[0, 2], [3, 3]])); // => -0.5
 */
export const cosineSimilarity: LossKind = defineLoss(
  {
    kind: "cosineSimilarity",
    title: { en: "Cosine similarity", zh: "余弦相似度" },
    description: {
      en: "Negative cosine of the angle between rows: -1 where directions match.",
      zh: "行向量夹角余弦的相反数，同向为 -1。",
    },
    formula: "L = -\\frac{1}{n} \\sum_i \\frac{y_i \\cdot \\hat{y}_i}{\\|y_i\\| \\|\\hat{y}_i\\|}",
    source: "Keras CosineSimilarity",
    fields: [],
  },
  (yTrue, yPred) => unit(yTrue).mul(unit(yPred)).sum(-1).neg(),
);
