import { where } from "../../tensor/ops/where";
import type { Operand, Tensor } from "../../tensor/tensor";

/**
 * Computes the missing margin of each element, `max(1 - yTrue * yPred, 0)`. Labels that are all 0 or 1 become -1 and 1.
 */
export function margins(yTrue: Operand, yPred: Operand): Tensor {
  const truth = yTrue.cast("float32");
  const isBinary = truth.square().equal(truth).cast("int32").min();
  return where(isBinary.cast("bool"), truth.mul(2).sub(1), truth).mul(yPred).neg().add(1).maximum(0);
}
