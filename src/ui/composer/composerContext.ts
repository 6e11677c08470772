import { createContext, useContext } from "react";
import type { BlockPath, Composition, CompositionNode, Kinds } from "../../notebook/compositionTree";
import type { Tie } from "../../notebook/compositionTies";
import type { BlockState } from "../../store/blockStates";

/** What the cards of one cell share. */
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
  /** The one card that Tab reaches. */
  tabStop: string;
  /** The key of the block whose fields are open. */
  opened: string | null;
  /** Where a dragged block would go, as `0/1:2`. */
  dropSlot: string | null;
  dragged: string | null;
  stateOf: (path: BlockPath) => BlockState | undefined;
  /** The place of the joint above a card among all joints, from the top. */
  orderOf: (path: BlockPath) => number;
  titleOf: (node: CompositionNode) => string;
  /** The tie that a card belongs to, where its block stands in more than one place. */
  tieOf: (path: BlockPath) => Tie | undefined;
  /** Says something to screen readers. */
  say: (sentence: string) => void;
  /** Gives the card at `path` the focus once it is drawn. */
  focus: (path: BlockPath) => void;
}

export const ComposerContext = createContext<ComposerValue | null>(null);

export function useComposer(): ComposerValue {
  const value = useContext(ComposerContext);
  if (!value) throw new Error("internal: no Composer above this component");
  return value;
}
