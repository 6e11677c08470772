import type { Operand, Tensor } from "../../tensor/tensor";
import { defineLoss, type LossKind } from "../loss";
import { epsilon } from "./logProbabilities";

/** Rows of length 1. The floor is under the root, where a row of zeros still has a gradient. */
function unit(x: Operand): Tensor {
  return x.div(
    x
      .square()
      .sum(-1, true)
      .maximum(epsilon ** 2)
      .sqrt(),
  );
}

/** Minus the mean over rows of the cosine of their angle, norms held at 1e-7 at least, rank 0. @throws ShapeError for two shapes. */
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
