/**
 * Edits of a cell's compositions, from text to text. They change only the affected text; comments, formatting and other
 * code stay byte for byte. An edit returns null if it is impossible: no such block, a block moved into itself, an
 * incomplete source.
 */
import type { SyntaxNode, Tree } from "@lezer/common";
import { parseCell } from "./composition";
import {
  applyChanges,
  breakList,
  indentAt,
  insertItem,
  itemIndent,
  needsOwnLine,
  itemTextOf,
  removeItem,
  segmentsOf,
} from "./compositionList";
import { callSyntaxOf, type List, listOf, parseSource } from "./compositionSyntax";
import { aroundBlocks, guardedSpans, indentBlock, lineWidth, readBlocks, reindent } from "./compositionText";
import {
  type BlockNode,
  type BlockPath,
  type Composition,
  kindInfoOf,
  type Kinds,
  nodeAt,
  pathAfterInsert,
  pathAfterRemove,
  type Span,
  startsWithPath,
} from "./compositionTree";

/** Result of an edit. */
export interface SourceEdit {
  source: string;
  /** Path of the edited block after the edit. */
  path: number[];
}

/** A parsed source with its compositions. */
export interface Parsed {
  source: string;
  tree: Tree;
  compositions: Composition[];
  kinds: Kinds;
}

/** Parses a source; null if it is incomplete. */
export function openSource(source: string, kinds: Kinds): Parsed | null {
  const parsed = parseCell(source, kinds);
  return parsed.ok ? { source, tree: parseSource(source), compositions: parsed.compositions, kinds } : null;
}

/** Returns the argument list of a block's call. */
export function argumentsOf({ tree }: Parsed, block: BlockNode): SyntaxNode {
  let syntax: SyntaxNode | null = tree.resolveInner(block.from, 1);
  while (syntax && (syntax.from !== block.from || syntax.to !== block.to || !callSyntaxOf(syntax)))
    syntax = syntax.parent;
  return callSyntaxOf(syntax!)!.args;
}

/** Returns the list of a container's blocks; null if its call has none yet, as in `sequential()`, or takes none. */
function arrayOf(parsed: Parsed, container: BlockNode): SyntaxNode | null {
  const info = kindInfoOf(parsed.kinds.blocks, container.kind);
  if (info?.children !== "list") return null;
  if (info.spread) return argumentsOf(parsed, container);
  const first = listOf(argumentsOf(parsed, container))!.items[0]?.syntax;
  return first?.name === "ArrayExpression" ? first : null;
}

interface InsertionPoint {
  list: List;
  array: SyntaxNode;
}

function containerAt(parsed: Parsed, path: BlockPath): InsertionPoint | null {
  const node = nodeAt(parsed.compositions, path);
  const array = node?.type === "block" && node.children ? arrayOf(parsed, node) : null;
  return array && { array, list: listOf(array)! };
}

/** Inserts the empty array that `sequential()` omits. */
function withArray(source: string, kinds: Kinds, path: BlockPath): string {
  const parsed = openSource(source, kinds);
  const node = parsed && nodeAt(parsed.compositions, path);
  if (node?.type !== "block" || kindInfoOf(kinds.blocks, node.kind)?.children !== "list") return source;
  if (arrayOf(parsed!, node)) return source;
  const { open, items } = listOf(argumentsOf(parsed!, node))!;
  return applyChanges(source, [{ from: open, to: open, insert: items.length ? "[], " : "[]" }]);
}

/** Inserts a block's text before the block at `index` of the container at `parent`, or after the last block. */
export function insertBlock(
  source: string,
  kinds: Kinds,
  parent: BlockPath,
  index: number,
  text: string,
): SourceEdit | null {
  const edit = insertText(withArray(source, kinds, parent), kinds, parent, index, text);
  return edit && { ...edit, source: breakLongLists(edit.source, kinds, edit.path) };
}

function insertText(source: string, kinds: Kinds, parent: BlockPath, index: number, text: string): SourceEdit | null {
  const parsed = openSource(source, kinds);
  const place = parsed && containerAt(parsed, parent);
  const read = readBlocks(text, kinds);
  if (!place || read?.length !== 1) return null;
  const at = Math.min(index, place.list.items.length);
  const piece = { lead: "", text: indentBlock(read[0]!, placeIndent(source, place.list), kinds), tail: "" };
  return { source: applyChanges(source, insertItem(source, place.list, at, piece)), path: [...parent, at] };
}

/** Returns the base indentation for the further lines of an item in this list. */
function placeIndent(source: string, list: List): string {
  const ownLines = segmentsOf(source, list).some((segment) => segment.ownLine);
  return ownLines ? itemIndent(source, list) : indentAt(source, list.open - 1);
}

/**
 * Removes a block from its container. The resulting path is that of the block now in its place, or of the container.
 */
export function removeBlock(source: string, kinds: Kinds, path: BlockPath): SourceEdit | null {
  const parsed = openSource(source, kinds);
  const parent = path.slice(0, -1);
  const index = path.at(-1)!;
  const place = parsed && parent.length > 0 ? containerAt(parsed, parent) : null;
  if (!place?.list.items[index]) return null;
  const left = place.list.items.length - 1;
  const next = left === 0 ? parent : [...parent, Math.min(index, left - 1)];
  return { source: applyChanges(source, removeItem(source, place.list, index)), path: next };
}

/** Moves a block and its comments before the block that is currently at `index` of the container at `parent`. */
export function moveBlock(
  source: string,
  kinds: Kinds,
  path: BlockPath,
  parent: BlockPath,
  index: number,
): SourceEdit | null {
  if (path.length < 2 || startsWithPath(parent, path)) return null;
  const ready = withPadding(withArray(source, kinds, parent), kinds, path, parent);
  const parsed = openSource(ready, kinds);
  const from = parsed && containerAt(parsed, path.slice(0, -1));
  const to = parsed && containerAt(parsed, parent);
  const segment = from && segmentsOf(ready, from.list)[path.at(-1)!];
  if (!to || !segment) return null;
  const at = Math.min(index, to.list.items.length);
  const own = itemTextOf(ready, segment);
  const guarded = guardedSpans(from.array, ready, kinds);
  const indent = needsOwnLine(own) ? itemIndent(ready, to.list) : placeIndent(ready, to.list);
  const shift = (span: Span): string => reindent(ready, span, indentAt(ready, segment.start), indent, guarded);
  const piece = { lead: shift({ from: segment.start, to: segment.from }), text: shift(segment), tail: own.tail };
  const target = [...parent, at];
  const old = pathAfterInsert(path, target);
  const removed = removeBlock(applyChanges(ready, insertItem(ready, to.list, at, piece)), kinds, old);
  if (!removed) return null;
  const moved = pathAfterRemove(target, old);
  return { source: breakLongLists(removed.source, kinds, moved), path: moved };
}

/** Breaks a one-line list into lines if the moved block has comments. */
function withPadding(source: string, kinds: Kinds, path: BlockPath, parent: BlockPath): string {
  const parsed = openSource(source, kinds);
  const from = parsed && containerAt(parsed, path.slice(0, -1));
  const to = parsed && containerAt(parsed, parent);
  const segment = from && segmentsOf(source, from.list)[path.at(-1)!];
  if (!to?.list.items.length || !segment || !needsOwnLine(itemTextOf(source, segment))) return source;
  const oneLine = !source.slice(to.list.open, to.list.close).includes("\n");
  return oneLine ? applyChanges(source, breakList(source, to.list)) : source;
}

/** Replaces a block by another text. */
export function replaceBlock(source: string, kinds: Kinds, path: BlockPath, text: string): SourceEdit | null {
  const node = nodeAt(openSource(source, kinds)?.compositions ?? [], path);
  const read = readBlocks(text, kinds);
  if (!node || read?.length !== 1 || (path.length === 1 && text.trim().startsWith("..."))) return null;
  const insert = indentBlock(read[0]!, indentAt(source, node.from), kinds);
  const replaced = applyChanges(source, [{ from: node.from, to: node.to, insert }]);
  return { source: breakLongLists(replaced, kinds, path), path: [...path] };
}

/** Wraps a block in a container of `kind`: `dense(2)` becomes `sequential([dense(2)])`. */
export function wrapBlock(source: string, kinds: Kinds, path: BlockPath, kind: string): SourceEdit | null {
  const text = blockText(source, kinds, path);
  if (text === null) return null;
  const inner = text.includes("\n") ? `\n  ${indentBlock(text, "  ", kinds)},\n` : text;
  return replaceBlock(source, kinds, path, wrapped(kind, kinds, inner));
}

function wrapped(kind: string, kinds: Kinds, inner: string): string {
  const info = kindInfoOf(kinds.blocks, kind);
  const callee = info?.constructed ? `new ${kind}` : kind;
  const [before, after] = aroundBlocks(info);
  return `${callee}(${before}${inner}${after})`;
}

/** Returns the text of a block, without the indentation of its place. */
export function blockText(source: string, kinds: Kinds, path: BlockPath): string | null {
  const parsed = openSource(source, kinds);
  const node = parsed && nodeAt(parsed.compositions, path);
  if (!node) return null;
  const place = containerAt(parsed, path.slice(0, -1));
  const guarded = place ? guardedSpans(place.array, source, kinds) : [];
  return reindent(source, node, indentAt(source, node.from), "", guarded);
}

/** Breaks the one-line lists on the way to `path` into a line per block if their line has become too long. */
export function breakLongLists(source: string, kinds: Kinds, path: BlockPath): string {
  let text = source;
  for (let depth = 1; depth <= path.length; depth++) {
    const parsed = openSource(text, kinds);
    const place = parsed && containerAt(parsed, path.slice(0, depth));
    if (!place || place.list.items.length === 0) continue;
    const { open, close } = place.list;
    const end = text.indexOf("\n", open);
    const line = text.slice(text.lastIndexOf("\n", open) + 1, end < 0 ? text.length : end);
    const oneLine = !text.slice(open, close).includes("\n");
    if (oneLine && line.length > lineWidth) text = applyChanges(text, breakList(text, place.list));
  }
  return text;
}
