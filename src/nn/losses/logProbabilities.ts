import type { Operand, Tensor } from "../../tensor/tensor";

/** Keras's epsilon: probabilities are clipped to [epsilon, 1 - epsilon] before their logarithm. */
export const epsilon = 1e-7;

/** Computes the logarithm of the softmax along the last axis, without forming the probabilities. */
export function logSoftmax(logits: Operand): Tensor {
  return logits.sub(logits.logSumExp(-1, true));
}

/** Computes logarithms of probabilities from scores, or from probabilities whose sum need not be 1. */
export function logProbabilities(yPred: Operand, fromLogits: boolean): Tensor {
  if (fromLogits) return logSoftmax(yPred);
  return yPred
    .div(yPred.sum(-1, true))
    .clip(epsilon, 1 - epsilon)
    .log();
}
