import { createContext, useContext } from "react";
import type { BlockPath, Composition, CompositionNode, Kinds } from "../../notebook/composition/compositionTree";
import type { Tie } from "../../notebook/composition/compositionTies";
import type { BlockState } from "../../store/composer/blockStates";

/** State shared by the cards of one cell. */
export interface ComposerValue {
  cell: string;
  kinds: Kinds;
  compositions: readonly Composition[];
  /** The source is half-typed: cards are shown but cannot be edited. */
  broken: boolean;
  /** The source differs from what ran. */
  edited: boolean;
  collapsed: ReadonlySet<string>;
  /** The key of the selected block's path. */
  selected: string | null;
  /** The only card in the tab order. */
  tabStop: string;
  /** The key of the block whose fields are open. */
  opened: string | null;
  /** The drop target of a dragged block, as `0/1:2`. */
  dropSlot: string | null;
  dragged: string | null;
  stateOf: (path: BlockPath) => BlockState | undefined;
  /** The position of the joint above a card among all joints, from the top. */
  orderOf: (path: BlockPath) => number;
  titleOf: (node: CompositionNode) => string;
  /** The tie of a card whose block is in more than one place. */
  tieOf: (path: BlockPath) => Tie | undefined;
  /** Announces a text to screen readers. */
  say: (sentence: string) => void;
  /** Focuses the card at `path` once it is rendered. */
  focus: (path: BlockPath) => void;
}

export const ComposerContext = createContext<ComposerValue | null>(null);

export function useComposer(): ComposerValue {
  const value = useContext(ComposerContext);
  if (!value) throw new Error("internal: no Composer above this component");
  return value;
}
