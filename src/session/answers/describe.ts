import type { KindInfo } from "../../base/info";
import { sizeOf } from "../../base/shape";
import type { Block } from "../../nn/block/block";
import { type BlockEntry, walkBlocks, walkWeights, type WeightEntry } from "../../nn/block/tree";
import { sourceOfBlock } from "../cells/blockSources";
import type { BlockDescription, ModelDescription, WeightDescription } from "../../protocol/protocol";

export function kindOf(block: Block): string {
  const { info, name } = block.constructor as { info?: KindInfo; name: string };
  // A subclass of a built-in block is a separate kind: it inherits the class's `info` but does not own it.
  return info && Object.hasOwn(block.constructor, "info") ? info.kind : name;
}

export function describeWeight({ path, parameter, aliases }: WeightEntry<Block>): WeightDescription {
  const { name, shape, dtype, device, trainable, state } = parameter;
  return { path, name, shape, dtype, device, trainable, state, aliases };
}

/** Collects the weights of a block and its children. A weight shared by several children counts once in each. */
function weightsInside(entry: BlockEntry<Block>, weights: readonly WeightEntry<Block>[]): WeightEntry<Block>[] {
  const prefix = entry.path === "" ? "" : `${entry.path}/`;
  return weights.filter(({ path, aliases }) => [path, ...aliases].some((one) => one.startsWith(prefix)));
}

/** Describes a block and its children for the page, each at its first place. */
export function describeBlock(root: Block): BlockDescription {
  const { entries } = walkBlocks(root);
  const weights = walkWeights(root);
  const describe = (entry: BlockEntry<Block>): BlockDescription => {
    const { block, path, segment } = entry;
    return {
      kind: kindOf(block),
      path,
      name: block.name ?? segment,
      fields: block.fieldValues,
      built: block.built,
      inputShape: block.inputShape,
      outputShape: block.lastOutputShape,
      count: weightsInside(entry, weights).reduce((total, { parameter }) => total + sizeOf(parameter.shape), 0),
      trainable: block.trainable,
      weights: weights.filter(({ owner }) => owner.block === block).map(describeWeight),
      madeBy: sourceOfBlock(block),
      children: entries.filter(({ parent }) => parent === entry).map(describe),
    };
  };
  return describe(entries[0]!);
}

export function describeModel(variable: string, root: Block): ModelDescription {
  return { variable, root: describeBlock(root) };
}
