import { createStore } from "zustand/vanilla";
import type { Message } from "../i18n/texts";
import { parseCell } from "../notebook/composition";
import {
  blockText,
  type Edit,
  insertBlock,
  moveBlock,
  removeBlock,
  replaceBlock,
  wrapBlock,
} from "../notebook/compositionEdits";
import { addComposition, duplicateBlock, renameVariable, setField, withOwnName } from "../notebook/compositionFields";
import { newBlock, readBlocks } from "../notebook/compositionText";
import {
  type BlockPath,
  type Composition,
  type CompositionNode,
  type FieldValue,
  findKind,
  type Kinds,
  nodeAt,
  pathAfterInsert,
  pathAfterRemove,
} from "../notebook/compositionTree";
import { pathKey } from "./blockStates";
import { cellById, type DocumentStore } from "./documentStore";
import type { SessionStore } from "./sessionStore";

/** What the inspector shows. */
export type Selection =
  /** A block in a cell's source. */
  | { type: "block"; cell: string; path: BlockPath }
  /** A block that only the session knows, such as a field of a class. */
  | { type: "described"; model: string; path: string };

export interface ReadCell {
  /** The last ones that could be read. */
  compositions: readonly Composition[];
  /** The line, from 1, where the source stops to be TypeScript; null if it can be read. */
  brokenLine: number | null;
}

export type Direction = "up" | "down" | "out" | "in";

export interface ComposerState {
  selection: Selection | null;
  /** Blocks copied last, as text; what a touch screen pastes. */
  copied: string | null;
  /** The block whose fields are open in its card, as `cell:0/1`. */
  opened: string | null;

  select(selection: Selection | null): void;
  open(cell: string, path: BlockPath | null): void;
  /** Adds a new block of a kind. */
  insert(cell: string, parent: BlockPath, index: number, kind: string): boolean;
  /** Adds a block given as code: a variable, `new MyBlock(3)`. */
  insertText(cell: string, parent: BlockPath, index: number, text: string): boolean;
  remove(cell: string, path: BlockPath): boolean;
  move(cell: string, path: BlockPath, parent: BlockPath, index: number): boolean;
  /** Moves by one place: among its siblings, out of its container, or into the one above. */
  step(cell: string, path: BlockPath, direction: Direction): boolean;
  duplicate(cell: string, path: BlockPath): boolean;
  wrap(cell: string, path: BlockPath, kind: string): boolean;
  /** `undefined` gives the field its default again. */
  setField(cell: string, path: BlockPath, field: string, value: FieldValue | undefined): boolean;
  /** Puts other code in the place of a block that is code. */
  setCode(cell: string, path: BlockPath, text: string): boolean;
  rename(cell: string, variable: string, name: string): boolean;
  /** Declares an empty composition of a container kind. */
  start(cell: string, kind: string): boolean;
  copy(cell: string, path: BlockPath): string | null;
  /** Puts blocks given as text behind the block at `path`, or into it if it is a container with nothing in it. */
  paste(cell: string, path: BlockPath, text: string): boolean;
  /** Opens or closes a container's card. */
  toggleCollapsed(cell: string, path: BlockPath): void;
}

const noKinds: Kinds = { blocks: [], initializers: [] };

/** The last edit of one field within the pause is one step of undo. */
function fieldKey(cell: string, path: BlockPath, field: string): string {
  return `field ${cell} ${pathKey(path)} ${field}`;
}

export function createComposerStore(documents: DocumentStore, session: SessionStore) {
  const kinds = (): Kinds => session.getState().catalogue ?? noKinds;
  const sourceOf = (cell: string): string | undefined => cellById(documents.getState().document, cell)?.source;

  return createStore<ComposerState>()((set, get) => {
    /** Writes an edit into the document and selects what it says. */
    function apply(cell: string, edit: Edit | null, label: Message, options: ApplyOptions = {}): boolean {
      if (!edit) return false;
      documents.getState().setSource(cell, edit.source, { label, mergeKey: options.mergeKey });
      followCollapsed(cell, options.follow);
      set({ selection: { type: "block", cell, path: edit.path } });
      return true;
    }

    /** Closed cards stay closed where an edit gives their blocks another place. */
    function followCollapsed(cell: string, follow: ((path: BlockPath) => BlockPath | null) | undefined): void {
      const closed = collapsedPaths(cellById(documents.getState().document, cell)?.view);
      if (!follow || closed.size === 0) return;
      const moved = [...closed].map((key) => follow(key.split("/").map(Number))).filter((path) => path !== null);
      documents.getState().setView(cell, { collapsed: moved.map(pathKey) });
    }

    function titleOf(node: CompositionNode | undefined): Message {
      const info = node?.type === "block" ? findKind(kinds().blocks, node.kind) : undefined;
      return (texts, language) => info?.title[language] ?? texts.composer.code;
    }

    function nodeIn(cell: string, path: BlockPath): CompositionNode | undefined {
      const source = sourceOf(cell);
      const parsed = source === undefined ? null : parseCell(source, kinds());
      return parsed?.ok ? nodeAt(parsed.compositions, path) : undefined;
    }

    function childCount(cell: string, path: BlockPath): number | null {
      const node = nodeIn(cell, path);
      return node?.type === "block" && node.children ? node.children.length : null;
    }

    return {
      selection: null,
      copied: null,
      opened: null,

      select: (selection) => set({ selection }),
      open: (cell, path) => set({ opened: path && `${cell}:${pathKey(path)}` }),

      insert: (cell, parent, index, kind) => {
        const title = findKind(kinds().blocks, kind)?.title;
        const edit = insertBlock(sourceOf(cell) ?? "", kinds(), parent, index, newBlock(kind, kinds()));
        return apply(cell, edit, (texts, language) => texts.composer.steps.add(title?.[language] ?? kind), {
          follow: (path) => pathAfterInsert(path, [...parent, index]),
        });
      },

      insertText: (cell, parent, index, text) =>
        apply(
          cell,
          insertBlock(sourceOf(cell) ?? "", kinds(), parent, index, text),
          (texts) => texts.composer.steps.add(text),
          { follow: (path) => pathAfterInsert(path, [...parent, index]) },
        ),

      remove: (cell, path) => {
        const title = titleOf(nodeIn(cell, path));
        const edit = removeBlock(sourceOf(cell) ?? "", kinds(), path);
        return apply(cell, edit, (texts, language) => texts.composer.steps.remove(title(texts, language)), {
          follow: (other) => (isInside(other, path) ? null : pathAfterRemove(other, path)),
        });
      },

      move: (cell, path, parent, index) => {
        const title = titleOf(nodeIn(cell, path));
        const edit = moveBlock(sourceOf(cell) ?? "", kinds(), path, parent, index);
        const target = edit?.path ?? path;
        return apply(cell, edit, (texts, language) => texts.composer.steps.move(title(texts, language)), {
          follow: (other) => followMove(other, path, [...parent, index], target),
        });
      },

      step: (cell, path, direction) => {
        const place = stepPlace(path, direction, (at) => childCount(cell, at));
        return place !== null && get().move(cell, path, place.slice(0, -1), place.at(-1)!);
      },

      duplicate: (cell, path) => {
        const title = titleOf(nodeIn(cell, path));
        const edit = duplicateBlock(sourceOf(cell) ?? "", kinds(), path);
        return apply(cell, edit, (texts, language) => texts.composer.steps.duplicate(title(texts, language)), {
          follow: (other) => pathAfterInsert(other, edit!.path),
        });
      },

      wrap: (cell, path, kind) => {
        const title = titleOf(nodeIn(cell, path));
        const edit = wrapBlock(sourceOf(cell) ?? "", kinds(), path, kind);
        return apply(cell, edit, (texts, language) => texts.composer.steps.wrap(title(texts, language)), {
          follow: (other) => (isInside(other, path) ? [...path, 0, ...other.slice(path.length)] : other),
        });
      },

      setField: (cell, path, field, value) => {
        const node = nodeIn(cell, path);
        const info = node?.type === "block" ? findKind(kinds().blocks, node.kind) : undefined;
        const title = info?.fields.find(({ name }) => name === field)?.title;
        const edit = setField(sourceOf(cell) ?? "", kinds(), path, field, value);
        const label: Message = (texts, language) =>
          texts.composer.steps.set(titleOf(node)(texts, language), title?.[language] ?? texts.composer.fieldNames.name);
        return apply(cell, edit, label, { mergeKey: fieldKey(cell, path, field) });
      },

      setCode: (cell, path, text) =>
        apply(cell, replaceBlock(sourceOf(cell) ?? "", kinds(), path, text), (texts) => texts.composer.steps.code),

      rename: (cell, variable, name) => {
        const source = renameVariable(sourceOf(cell) ?? "", variable, name);
        if (source === null) return false;
        documents.getState().setSource(cell, source, { label: (texts) => texts.composer.steps.rename(variable) });
        return true;
      },

      start: (cell, kind) =>
        apply(cell, addComposition(sourceOf(cell) ?? "", kinds(), kind), (texts) => texts.composer.steps.start),

      copy: (cell, path) => {
        const text = blockText(sourceOf(cell) ?? "", kinds(), path);
        if (text !== null) set({ copied: text });
        return text;
      },

      paste: (cell, path, text) => {
        const pasted = readBlocks(text, kinds());
        if (!pasted) return false;
        const empty = childCount(cell, path) === 0 || path.length === 1;
        const parent = empty ? path : path.slice(0, -1);
        const first = empty ? (childCount(cell, path) ?? 0) : path.at(-1)! + 1;
        let source = sourceOf(cell) ?? "";
        let last: Edit | null = null;
        for (const [offset, block] of pasted.entries()) {
          const edit = insertBlock(source, kinds(), parent, first + offset, block);
          if (!edit) return false;
          last = withOwnName(edit, kinds());
          source = last.source;
        }
        return apply(cell, last, (texts) => texts.composer.steps.paste(pasted.length), {
          follow: (other) =>
            pasted.reduce<BlockPath>((at, _, offset) => pathAfterInsert(at, [...parent, first + offset]), other),
        });
      },

      toggleCollapsed: (cell, path) => {
        const closed = collapsedPaths(cellById(documents.getState().document, cell)?.view);
        const key = pathKey(path);
        if (!closed.delete(key)) closed.add(key);
        documents.getState().setView(cell, { collapsed: [...closed] });
      },
    };
  });
}

interface ApplyOptions {
  mergeKey?: string;
  /** Where a block that was at `path` is found after the edit; null if it is gone. */
  follow?: (path: BlockPath) => BlockPath | null;
}

export type ComposerStore = ReturnType<typeof createComposerStore>;

/** The paths of the containers whose cards are closed. */
export function collapsedPaths(view: { [key: string]: unknown } | undefined): Set<string> {
  const collapsed = view?.collapsed;
  return new Set(Array.isArray(collapsed) ? collapsed.filter((key) => typeof key === "string") : []);
}

function isInside(path: BlockPath, ancestor: BlockPath): boolean {
  return ancestor.every((index, depth) => path[depth] === index);
}

function followMove(path: BlockPath, from: BlockPath, inserted: BlockPath, to: BlockPath): BlockPath {
  if (isInside(path, from)) return [...to, ...path.slice(from.length)];
  return pathAfterRemove(pathAfterInsert(path, inserted), pathAfterInsert(from, inserted));
}

/** Where one step takes a block: the place in terms of the list as it is; null where there is none. */
function stepPlace(
  path: BlockPath,
  direction: Direction,
  countAt: (path: BlockPath) => number | null,
): number[] | null {
  if (path.length < 2) return null;
  const parent = path.slice(0, -1);
  const index = path.at(-1)!;
  const out = (offset: number): number[] | null =>
    parent.length < 2 ? null : [...parent.slice(0, -1), parent.at(-1)! + offset];
  switch (direction) {
    case "up":
      return index > 0 ? [...parent, index - 1] : out(0);
    case "down":
      return index < (countAt(parent) ?? 0) - 1 ? [...parent, index + 2] : out(1);
    case "out":
      return out(1);
    case "in": {
      const above = [...parent, index - 1];
      const count = index > 0 ? countAt(above) : null;
      return count === null ? null : [...above, count];
    }
  }
}

/** Reads cells, keeping the last readable tree of each while its source is half-typed. */
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
