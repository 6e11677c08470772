import { closeScope, isRecording, openScope } from "../scope";
import type { Tensor } from "../tensor";

/**
 * Runs `make`, and frees at once what it made on the way to its result: numbers
 * made tensors, casts, the steps of an op that is made of others. A recorded
 * graph still needs them.
 */
export function withoutTemporaries(make: () => Tensor): Tensor {
  if (isRecording()) return make();
  const scope = openScope("the op that made it");
  let result: Tensor | undefined;
  try {
    result = make();
    return result;
  } finally {
    closeScope(scope, result);
  }
}
