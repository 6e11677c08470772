/** Which code of a cell made a block. */
import { Block } from "../../nn/block/block";
import type { BlockSource } from "../../protocol/protocol";

const sources = new WeakMap<Block, BlockSource>();

/** Returns the code that made a block; null for one that the library made, such as a layer inside a layer. */
export function sourceOfBlock(block: Block): BlockSource | null {
  return sources.get(block) ?? null;
}

/** A call in a cell that may make a block: offsets in the cell's source. */
export interface MakingCall {
  from: number;
  to: number;
}

/**
 * Returns a function for the calls of one run of a cell: it receives the index of a call and its value, which it
 * returns. The innermost call that returns a block is the one that made it.
 */
export function noteBlocks(
  { cell, run }: { cell: string; run: number },
  calls: readonly MakingCall[],
): <X>(call: number, value: X) => X {
  const counts = calls.map(() => 0);
  return (call, value) => {
    if (value instanceof Block && !sources.has(value)) {
      sources.set(value, { cell, run, ...calls[call]!, index: counts[call]!++ });
    }
    return value;
  };
}
