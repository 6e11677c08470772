import type { PartialShape } from "../../../base/shape";
import {
  type BlockPath,
  type Composition,
  kindInfoOf,
  type Kinds,
  nodeAt,
} from "../../../notebook/composition/compositionTree";
import type { BlockState } from "../../../store/composer/blockStates";

/**
 * The shapes on a container's joints: into its first block, between its blocks, out of its last. A container that is
 * not a chain need not call its blocks one after another: there, a joint has the shape that flows into the block below it.
 */
export function jointShapes(
  compositions: readonly Composition[],
  container: BlockPath,
  stateOf: (path: BlockPath) => BlockState | undefined,
  kinds: Kinds,
): (PartialShape | null)[] {
  const node = nodeAt(compositions, container);
  const children = node?.type === "block" ? (node.children ?? []) : [];
  const own = stateOf(container)?.description ?? null;
  const described = children.map((_, index) => stateOf([...container, index])?.description ?? null);
  const isChain = node?.type !== "block" || kindInfoOf(kinds.blocks, node.kind)?.flow === "chain";
  if (!isChain) return [...described.map((child) => child?.inputShape ?? null), own?.outputShape ?? null];
  const between = described.map((child, index) =>
    index === 0
      ? (own?.inputShape ?? child?.inputShape ?? null)
      : (described[index - 1]?.outputShape ?? child?.inputShape ?? null),
  );
  return [...between, described.at(-1)?.outputShape ?? own?.outputShape ?? null];
}
