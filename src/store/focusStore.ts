import { createStore } from "zustand/vanilla";

/** The panes on a phone; a wide window shows all of them. */
export type Pane = "notebook" | "library" | "inspector" | "files";

/** A place in a cell's source, lines and columns from 1. */
export interface CursorTarget {
  cell: string;
  line: number;
  column: number;
}

export interface FocusState {
  /** The cell that commands act on. */
  cell: string | null;
  /** The markdown cell that is open for editing. */
  editing: string | null;
  pane: Pane;
  /** Where an editor should put its cursor; the editor then clears it. */
  cursorTarget: CursorTarget | null;
  selectCell(cell: string | null): void;
  editCell(cell: string | null): void;
  showPane(pane: Pane): void;
  goTo(place: CursorTarget): void;
  consumeCursorTarget(cell: string): CursorTarget | null;
}

/** The focus of the user; none of it belongs to the document. */
export function createFocusStore() {
  return createStore<FocusState>()((set, get) => ({
    cell: null,
    editing: null,
    pane: "notebook",
    cursorTarget: null,
    selectCell: (cell) => set({ cell }),
    editCell: (editing) => set(editing === null ? { editing } : { editing, cell: editing }),
    showPane: (pane) => set({ pane }),
    goTo: (place) => set({ cursorTarget: place, cell: place.cell, pane: "notebook" }),
    consumeCursorTarget: (cell) => {
      const { cursorTarget } = get();
      if (cursorTarget?.cell !== cell) return null;
      set({ cursorTarget: null });
      return cursorTarget;
    },
  }));
}
