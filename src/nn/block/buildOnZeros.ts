import { ArgumentError } from "../../base/errors";
import type { PartialShape } from "../../base/shape";
import { rollBackEffects } from "../../plan/run/execute";
import { zeros } from "../../tensor/creation";
import { closeScope, openScope, outsideScopes } from "../../tensor/scope";
import type { Owner } from "../../tensor/workOrigin";

/** The members of a block that a build on zeros uses. */
interface ZerosBlock extends Owner {
  call(...inputs: unknown[]): unknown;
}

/**
 * Builds a block without an input, by a call on zeros; null is any length.
 * @throws ArgumentError if its `forward` is async
 */
export function buildOnZeros(block: ZerosBlock, inputShape: PartialShape): void {
  const result = outsideScopes(() => recordOnZeros(block, inputShape));
  if (result instanceof Promise) {
    throw new ArgumentError({
      at: block.label,
      expected: "a synchronous forward",
      got: "one that returns a promise",
      remedy: "Call the block once on an input instead.",
    });
  }
}

/** Records the call, and computes only what blocks retain: only weights and shapes are needed. */
function recordOnZeros(block: ZerosBlock, inputShape: PartialShape): unknown {
  const scope = openScope(`${block.label}.build()`, { recording: true });
  try {
    return block.call(zeros(inputShape.map((length) => length ?? 1)));
  } finally {
    rollBackEffects(scope);
    closeScope(scope, []);
  }
}
