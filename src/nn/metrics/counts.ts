import type { Operand, Tensor } from "../../tensor/tensor";
import { alike } from "./classes";

/** Counts correct yes, wrong yes and wrong no over all elements, as int32, for predictions above a threshold. */
export function yesCounts(
  at: string,
  yTrue: Operand,
  yPred: Operand,
  threshold: number,
): { right: Tensor; wrongYes: Tensor; wrongNo: Tensor } {
  const truth = alike(at, yTrue, yPred).cast("bool");
  const yes = yPred.greater(threshold);
  return {
    right: truth.logicalAnd(yes).sum(),
    wrongYes: truth.logicalNot().logicalAnd(yes).sum(),
    wrongNo: truth.logicalAnd(yes.logicalNot()).sum(),
  };
}
