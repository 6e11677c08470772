import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import { checkSameShape } from "./checkShapes";

const info: KindInfo = {
  kind: "meanSquaredError",
  title: { en: "Mean squared error", zh: "均方误差" },
  description: { en: "The mean of the squared differences.", zh: "差的平方的平均值。" },
  formula: "L = \\frac{1}{n} \\sum_i (y_i - \\hat{y}_i)^2",
  source: "Keras MeanSquaredError",
  fields: [],
};

/** The mean over all elements of (yTrue - yPred)^2, rank 0. @throws ShapeError for two shapes. */
export const meanSquaredError = Object.assign(
  (yTrue: Operand, yPred: Operand): Tensor => {
    checkSameShape("meanSquaredError()", yTrue, yPred);
    const difference = yPred.sub(yTrue);
    return difference.mul(difference).mean();
  },
  { info },
);
