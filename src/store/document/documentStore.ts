import type { Draft } from "immer";
import { subscribeWithSelector } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import type { Message } from "../../i18n/texts";
import { cellTemplate, type NewCell } from "../../notebook/cells/cellTemplates";
import {
  newCellId,
  type Cell,
  type CellKind,
  type JsonObject,
  type NotebookDocument,
} from "../../notebook/notebookDocument";
import { edit, emptyHistory, redo, seal, undo, type UndoHistory } from "./undoHistory";

/** Where the open notebook came from. Only the banner depends on it. */
export type DocumentOrigin =
  | { kind: "new" }
  | { kind: "own" }
  | { kind: "gallery"; name: string }
  | { kind: "file"; name: string }
  /** `digest` is the checksum of the link. */
  | { kind: "link"; digest: string };

export interface EditOptions {
  label: Message;
  /** Consecutive edits with the same key and little time between them become one undo step. */
  mergeKey?: string;
}

export interface DocumentState {
  /** The key of the notebook's local copy and of its folder. Never taken from the document. */
  key: string;
  origin: DocumentOrigin;
  document: NotebookDocument;
  history: UndoHistory;
  /** True once anything was edited since it was opened. */
  edited: boolean;

  open(document: NotebookDocument, origin: DocumentOrigin, key?: string): void;
  /** The only way to change the document: a labelled undo step. */
  edit(options: EditOptions, recipe: (draft: Draft<NotebookDocument>) => void): void;
  undo(): void;
  redo(): void;
  /** Ends the growing undo step: on blur, before a run. */
  seal(): void;

  setTitle(title: string): void;
  /** Adds a cell and returns its id. */
  addCell(cell: NewCell, index: number): string;
  removeCell(id: string): void;
  moveCell(id: string, by: number): void;
  /** An edit without a label counts as typing: one undo step until a pause. */
  setSource(id: string, source: string, options?: EditOptions): void;
  /** Sets the state of a cell's panel (collapsed cards, code or canvas). Stored, but not an undo step. */
  setView(id: string, view: JsonObject): void;
}

export type CellFace = Cell["type"] | CellKind;

/** How a cell is presented: text, code, or code with a panel. */
export function faceOf(cell: Cell): CellFace {
  return cell.kind ?? cell.type;
}

export function cellById(document: NotebookDocument, id: string): Cell | undefined {
  return document.cells.find((cell) => cell.id === id);
}

export function createDocumentStore(now: () => number = Date.now) {
  return createStore<DocumentState>()(
    subscribeWithSelector((set, get) => {
      function walk(direction: typeof undo) {
        const { document, history } = get();
        const next = direction(document, history);
        if (next.history !== history) set({ document: next.value, history: next.history, edited: true });
      }
      return {
        key: crypto.randomUUID(),
        origin: { kind: "new" },
        document: { title: "", cells: [] },
        history: emptyHistory,
        edited: false,

        open: (document, origin, key = crypto.randomUUID()) =>
          set({ document, origin, key, history: emptyHistory, edited: false }),

        edit: (options, recipe) => {
          const { document, history } = get();
          const next = edit(document, history, { ...options, recipe, time: now() });
          if (next.history !== history) set({ document: next.value, history: next.history, edited: true });
        },
        undo: () => walk(undo),
        redo: () => walk(redo),
        seal: () => set({ history: seal(get().history) }),

        setTitle: (title) =>
          get().edit({ label: (texts) => texts.history.title, mergeKey: "title" }, (draft) => {
            draft.title = title;
          }),

        addCell: (cell, index) => {
          const { cells } = get().document;
          const id = newCellId(new Set(cells.map((other) => other.id)));
          const made: Cell = { id, ...cellTemplate(cell, cells) };
          get().edit({ label: (texts) => texts.history.addCell(texts.cells.kinds[faceOf(made)]) }, (draft) => {
            draft.cells.splice(index, 0, made as Draft<Cell>);
          });
          return id;
        },

        removeCell: (id) => {
          const cell = cellById(get().document, id);
          if (!cell) return;
          get().edit({ label: (texts) => texts.history.removeCell(texts.cells.kinds[faceOf(cell)]) }, (draft) => {
            draft.cells = draft.cells.filter((other) => other.id !== id);
          });
        },

        moveCell: (id, by) =>
          get().edit({ label: (texts) => texts.history.moveCell, mergeKey: `move ${id}` }, (draft) => {
            const from = draft.cells.findIndex((cell) => cell.id === id);
            const to = Math.max(0, Math.min(draft.cells.length - 1, from + by));
            if (from >= 0 && from !== to) draft.cells.splice(to, 0, ...draft.cells.splice(from, 1));
          }),

        setSource: (id, source, options = { label: (texts) => texts.history.typing, mergeKey: `source ${id}` }) =>
          get().edit(options, (draft) => {
            const cell = draft.cells.find((other) => other.id === id);
            if (cell) cell.source = source;
          }),

        setView: (id, view) => {
          const { document } = get();
          const cells = document.cells.map((cell) =>
            cell.id === id ? { ...cell, view: { ...cell.view, ...view } } : cell,
          );
          set({ document: { ...document, cells } });
        },
      };
    }),
  );
}

export type DocumentStore = ReturnType<typeof createDocumentStore>;
