import { useMemo } from "react";
import { useStore } from "zustand";
import { parseCell } from "../../notebook/composition/composition";
import type { Kinds } from "../../notebook/composition/compositionTree";
import type { Cell } from "../../notebook/notebookDocument";
import { blockStates, type BlockStates } from "../../store/composer/blockStates";
import { createCellReader, type ReadCell } from "../../store/composer/composerStore";
import { kindsStore } from "../../store/modelStores";
import { runStore, sessionStore } from "../../store/stores";

/** A single instance: composer and inspector see the same last readable trees. */
const readCell = createCellReader();

export interface CellCompositions extends ReadCell {
  kinds: Kinds;
  states: BlockStates;
  /** The source differs from the last run, or never ran. */
  edited: boolean;
}

/** The models that a cell declares, and the session's view of them. */
export function useCompositions(cell: Pick<Cell, "id" | "source">): CellCompositions {
  const kinds = useStore(kindsStore, (state) => state.kinds);
  const models = useStore(sessionStore, (state) => state.models);
  const edited = useStore(runStore, ({ runs }) => {
    const run = runs[cell.id];
    return run?.source !== cell.source || run.status === "lost" || run.status === "error";
  });
  const read = useMemo(() => readCell(cell.id, cell.source, kinds), [cell.id, cell.source, kinds]);
  const ran = useStore(runStore, ({ runs }) => (edited ? runs[cell.id]?.source : undefined));
  const states = useMemo(() => {
    const before = ran !== undefined ? parseCell(ran, kinds) : null;
    return blockStates(read.compositions, models, edited, before?.ok ? before.compositions : []);
  }, [read, models, edited, ran, kinds]);
  return useMemo(() => ({ ...read, kinds, states, edited }), [read, kinds, states, edited]);
}
