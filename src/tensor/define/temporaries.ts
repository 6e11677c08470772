import { closeScope, isRecording, openScope } from "../scope";
import type { Tensor } from "../tensor";

/**
 * Runs `make` and frees its intermediate tensors at once: numbers converted to tensors, casts, the steps of a composed
 * op. While a graph is recorded it frees nothing, because the graph still needs them.
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
