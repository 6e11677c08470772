import type { Operand, Tensor } from "../../tensor/tensor";

/** Keras's epsilon: probabilities are held within [epsilon, 1 - epsilon] before their logarithm. */
export const epsilon = 1e-7;

/** log softmax along the last axis, without forming the probabilities. */
export function logSoftmax(logits: Operand): Tensor {
  return logits.sub(logits.logSumExp(-1, true));
}

/** Logarithms of probabilities from scores, or from probabilities that need not sum to 1. */
export function logProbabilities(yPred: Operand, fromLogits: boolean): Tensor {
  if (fromLogits) return logSoftmax(yPred);
  return yPred
    .div(yPred.sum(-1, true))
    .clip(epsilon, 1 - epsilon)
    .log();
}
