import type { Message } from "../../i18n/texts";
import { parseCell } from "../../notebook/composition/composition";
import {
  blockText,
  type SourceEdit,
  insertBlock,
  moveBlock,
  removeBlock,
  replaceBlock,
  wrapBlock,
} from "../../notebook/composition/compositionEdits";
import {
  addComposition,
  duplicateBlock,
  renameVariable,
  setField,
  withOwnName,
} from "../../notebook/composition/compositionFields";
import { newBlock, readBlocks } from "../../notebook/composition/compositionText";
import {
  type BlockPath,
  type CompositionNode,
  type FieldValue,
  kindInfoOf,
  type Kinds,
  nodeAt,
  pathAfterInsert,
  pathAfterRemove,
  startsWithPath,
} from "../../notebook/composition/compositionTree";
import { cellById, type DocumentStore } from "../document/documentStore";
import { pathKey } from "./blockStates";
import type { ComposerStore } from "./composerStore";
import type { KindsStore } from "./kindsStore";

export type Direction = "up" | "down" | "out" | "in";

/** The current kinds, which these edits need. */
type KnownKinds = Pick<KindsStore, "getState">;

/** Maps the path of a block before an edit to its path after the edit; null if it is gone. */
type Follow = (path: BlockPath) => BlockPath | null;

interface ApplyOptions {
  mergeKey?: string;
  follow?: Follow;
}

/**
 * The user's edits of a cell's blocks. Each is an edit of the cell's source and one labelled undo step, and selects the
 * block concerned. All return false if there is nothing to do.
 */
export class ComposerEdits {
  private readonly documents: DocumentStore;
  private readonly known: KnownKinds;
  private readonly store: ComposerStore;

  constructor(documents: DocumentStore, known: KnownKinds, store: ComposerStore) {
    this.documents = documents;
    this.known = known;
    this.store = store;
  }

  /** Adds a new block of a kind. */
  insert(cell: string, parent: BlockPath, index: number, kind: string): boolean {
    const title = kindInfoOf(this.kinds.blocks, kind)?.title;
    const edit = insertBlock(this.sourceOf(cell), this.kinds, parent, index, newBlock(kind, this.kinds));
    return this.apply(cell, edit, (texts, language) => texts.composer.steps.add(title?.[language] ?? kind), {
      follow: (path) => pathAfterInsert(path, [...parent, index]),
    });
  }

  /** Adds a block given as code: a variable, `new MyBlock(3)`. */
  insertText(cell: string, parent: BlockPath, index: number, text: string): boolean {
    const edit = insertBlock(this.sourceOf(cell), this.kinds, parent, index, text);
    return this.apply(cell, edit, (texts) => texts.composer.steps.add(text), {
      follow: (path) => pathAfterInsert(path, [...parent, index]),
    });
  }

  remove(cell: string, path: BlockPath): boolean {
    const title = this.titleOf(this.nodeIn(cell, path));
    const edit = removeBlock(this.sourceOf(cell), this.kinds, path);
    return this.apply(cell, edit, (texts, language) => texts.composer.steps.remove(title(texts, language)), {
      follow: (other) => (startsWithPath(other, path) ? null : pathAfterRemove(other, path)),
    });
  }

  /** Moves a block before the one that is currently at `index` of the container at `parent`. */
  move(cell: string, path: BlockPath, parent: BlockPath, index: number): boolean {
    const title = this.titleOf(this.nodeIn(cell, path));
    const edit = moveBlock(this.sourceOf(cell), this.kinds, path, parent, index);
    const target = edit?.path ?? path;
    return this.apply(cell, edit, (texts, language) => texts.composer.steps.move(title(texts, language)), {
      follow: (other) => followMove(other, path, [...parent, index], target),
    });
  }

  /** Moves a block one step: among its siblings, out of its container, or into the one above. */
  step(cell: string, path: BlockPath, direction: Direction): boolean {
    const place = stepPlace(path, direction, (at) => this.childCount(cell, at));
    return place !== null && this.move(cell, path, place.slice(0, -1), place.at(-1)!);
  }

  duplicate(cell: string, path: BlockPath): boolean {
    const title = this.titleOf(this.nodeIn(cell, path));
    const edit = duplicateBlock(this.sourceOf(cell), this.kinds, path);
    return this.apply(cell, edit, (texts, language) => texts.composer.steps.duplicate(title(texts, language)), {
      follow: (other) => pathAfterInsert(other, edit!.path),
    });
  }

  /** Wraps a block in a container of a kind. */
  wrap(cell: string, path: BlockPath, kind: string): boolean {
    const title = this.titleOf(this.nodeIn(cell, path));
    const edit = wrapBlock(this.sourceOf(cell), this.kinds, path, kind);
    return this.apply(cell, edit, (texts, language) => texts.composer.steps.wrap(title(texts, language)), {
      follow: (other) => (startsWithPath(other, path) ? [...path, 0, ...other.slice(path.length)] : other),
    });
  }

  /** Sets a field; `undefined` resets it to its default. Typing into one field without a pause is one step. */
  setField(cell: string, path: BlockPath, field: string, value: FieldValue | undefined): boolean {
    const node = this.nodeIn(cell, path);
    const info = node?.type === "block" ? kindInfoOf(this.kinds.blocks, node.kind) : undefined;
    const fieldTitle = info?.fields.find(({ name }) => name === field)?.title;
    const edit = setField(this.sourceOf(cell), this.kinds, path, field, value);
    const title = this.titleOf(node);
    const label: Message = (texts, language) =>
      texts.composer.steps.set(title(texts, language), fieldTitle?.[language] ?? texts.composer.fieldNames.name);
    return this.apply(cell, edit, label, { mergeKey: `field ${cell} ${pathKey(path)} ${field}` });
  }

  /** Replaces the code of a block that is code. */
  setCode(cell: string, path: BlockPath, text: string): boolean {
    const edit = replaceBlock(this.sourceOf(cell), this.kinds, path, text);
    return this.apply(cell, edit, (texts) => texts.composer.steps.code);
  }

  rename(cell: string, variable: string, name: string): boolean {
    const source = renameVariable(this.sourceOf(cell), variable, name);
    if (source === null) return false;
    this.documents.getState().setSource(cell, source, { label: (texts) => texts.composer.steps.rename(variable) });
    return true;
  }

  /** Declares an empty composition of a container kind. */
  start(cell: string, kind: string): boolean {
    const edit = addComposition(this.sourceOf(cell), this.kinds, kind);
    return this.apply(cell, edit, (texts) => texts.composer.steps.start);
  }

  /** Returns the block as text, which is also stored for pasting. */
  copy(cell: string, path: BlockPath): string | null {
    const text = blockText(this.sourceOf(cell), this.kinds, path);
    if (text !== null) this.store.setState({ copied: text });
    return text;
  }

  /** Inserts blocks given as text after the block at `path`, or at the end of a model or of an empty container. */
  paste(cell: string, path: BlockPath, text: string): boolean {
    const pasted = readBlocks(text, this.kinds);
    const count = this.childCount(cell, path);
    const into = path.length === 1 || count === 0;
    const parent = into ? path : path.slice(0, -1);
    const first = into ? (count ?? 0) : path.at(-1)! + 1;
    let last: SourceEdit | null = null;
    for (const [offset, block] of (pasted ?? []).entries()) {
      const edit: SourceEdit | null = insertBlock(
        last?.source ?? this.sourceOf(cell),
        this.kinds,
        parent,
        first + offset,
        block,
      );
      if (!edit) return false;
      last = withOwnName(edit, this.kinds);
    }
    return this.apply(cell, last, (texts) => texts.composer.steps.paste(pasted!.length), {
      follow: (other) =>
        pasted!.reduce<BlockPath>((at, _, offset) => pathAfterInsert(at, [...parent, first + offset]), other),
    });
  }

  /** Expands or collapses a container's card. Stored with the cell, but not an undo step. */
  toggleCollapsed(cell: string, path: BlockPath): void {
    const closed = collapsedPaths(cellById(this.documents.getState().document, cell)?.view);
    const key = pathKey(path);
    if (!closed.delete(key)) closed.add(key);
    this.documents.getState().setView(cell, { collapsed: [...closed] });
  }

  private get kinds(): Kinds {
    return this.known.getState().kinds;
  }

  private sourceOf(cell: string): string {
    return cellById(this.documents.getState().document, cell)?.source ?? "";
  }

  private nodeIn(cell: string, path: BlockPath): CompositionNode | undefined {
    const parsed = parseCell(this.sourceOf(cell), this.kinds);
    return parsed.ok ? nodeAt(parsed.compositions, path) : undefined;
  }

  private childCount(cell: string, path: BlockPath): number | null {
    const node = this.nodeIn(cell, path);
    return node?.type === "block" && node.children ? node.children.length : null;
  }

  private titleOf(node: CompositionNode | undefined): Message {
    const info = node?.type === "block" ? kindInfoOf(this.kinds.blocks, node.kind) : undefined;
    return (texts, language) => info?.title[language] ?? texts.composer.code;
  }

  private apply(
    cell: string,
    edit: SourceEdit | null,
    label: Message,
    { mergeKey, follow }: ApplyOptions = {},
  ): boolean {
    if (!edit) return false;
    this.documents.getState().setSource(cell, edit.source, { label, mergeKey });
    if (follow) this.followCollapsed(cell, follow);
    this.store.getState().select({ type: "block", cell, path: edit.path });
    return true;
  }

  /** Keeps collapsed cards collapsed when an edit moves their blocks. */
  private followCollapsed(cell: string, follow: Follow): void {
    const closed = collapsedPaths(cellById(this.documents.getState().document, cell)?.view);
    if (closed.size === 0) return;
    const moved = [...closed].map((key) => follow(key.split("/").map(Number))).filter((path) => path !== null);
    this.documents.getState().setView(cell, { collapsed: moved.map(pathKey) });
  }
}

/** The paths of the containers whose cards are collapsed. */
export function collapsedPaths(view: { [key: string]: unknown } | undefined): Set<string> {
  const collapsed = view?.collapsed;
  return new Set(Array.isArray(collapsed) ? collapsed.filter((key) => typeof key === "string") : []);
}

function followMove(path: BlockPath, from: BlockPath, inserted: BlockPath, to: BlockPath): BlockPath {
  if (startsWithPath(path, from)) return [...to, ...path.slice(from.length)];
  return pathAfterRemove(pathAfterInsert(path, inserted), pathAfterInsert(from, inserted));
}

/** Returns the target of a one-step move, as an index into the current list; null if there is none. */
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
