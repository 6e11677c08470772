import { createStore } from "zustand/vanilla";
import { parseCell } from "../../notebook/composition/composition";
import type { BlockPath, Composition, Kinds } from "../../notebook/composition/compositionTree";
import { pathKey } from "./blockStates";

/** The subject of the inspector. */
export type Selection =
  /** A block in a cell's source. */
  | { type: "block"; cell: string; path: BlockPath }
  /** A block that exists only in the session, such as a field of a class. */
  | { type: "described"; model: string; path: string };

export interface ComposerState {
  selection: Selection | null;
  /** The blocks copied last, as text, for pasting on touch screens. */
  copied: string | null;
  /** The block whose fields are open in its card, as `cell:0/1`. */
  opened: string | null;
  /** The drop target of a block dragged from the palette, as `cell|0/1:2`. */
  dropSlot: string | null;
  select(selection: Selection | null): void;
  open(cell: string, path: BlockPath | null): void;
}

/** State of the composer that is not part of the document. The edits are in `ComposerEdits`. */
export function createComposerStore() {
  return createStore<ComposerState>()((set) => ({
    selection: null,
    copied: null,
    opened: null,
    dropSlot: null,
    select: (selection) => set({ selection }),
    open: (cell, path) => set({ opened: path && `${cell}:${pathKey(path)}` }),
  }));
}

export type ComposerStore = ReturnType<typeof createComposerStore>;

export interface ReadCell {
  /** The last models that could be parsed. */
  compositions: readonly Composition[];
  /** The line, from 1, where the source cannot be parsed; null if it can. */
  brokenLine: number | null;
}

/** Parses cells, keeping the last readable tree of each while its source is half-typed. */
export function createCellReader() {
  const known = new Map<string, { source: string; kinds: Kinds; read: ReadCell }>();
  return (cell: string, source: string, kinds: Kinds): ReadCell => {
    const last = known.get(cell);
    if (last?.source === source && last.kinds === kinds) return last.read;
    const parsed = parseCell(source, kinds);
    const read: ReadCell = parsed.ok
      ? { compositions: parsed.compositions, brokenLine: null }
      : { compositions: last?.read.compositions ?? [], brokenLine: parsed.line };
    known.set(cell, { source, kinds, read });
    return read;
  };
}
