/**
 * Edits of a comma-separated list (array, arguments, options) that change only the affected text. A comment directly
 * above an item, or after it on its line, belongs to the item and moves with it.
 */
import type { List, ListItem } from "./compositionSyntax";
import type { Span } from "./compositionTree";

/** Replacement of a span by a text. */
export interface SourceChange extends Span {
  insert: string;
}

/** An item with its comments: the text that moves or is removed with it. */
export interface Segment extends ListItem {
  start: number;
  end: number;
  /** True if the item starts on a new line. */
  ownLine: boolean;
}

/** Text to insert into a list: an item and the comments before and after it. */
export interface ItemText {
  lead: string;
  text: string;
  tail: string;
}

/** Applies changes, which must be sorted and must not overlap. */
export function applyChanges(source: string, changes: readonly SourceChange[]): string {
  return [...changes]
    .reverse()
    .reduce((text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to), source);
}

/** Returns the white space at the start of the line that contains `offset`. */
export function indentAt(source: string, offset: number): string {
  const line = source.slice(source.lastIndexOf("\n", offset - 1) + 1);
  return /^[ \t]*/.exec(line)![0];
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const restOfLine = /^(?:[ \t]*(?:\/\/[^\n]*|\/\*(?:(?!\*\/)[^\n])*\*\/))*/;

export function segmentsOf(source: string, list: List): Segment[] {
  let boundary = list.open;
  return list.items.map((item, index) => {
    const start = leadStart(source, boundary, item.from, index === 0);
    const end = tailEnd(source, list, item);
    const ownLine = source.slice(boundary, start).includes("\n");
    boundary = end;
    return { ...item, start, end, ownLine };
  });
}

/**
 * Returns the start of the comments that belong to an item: those above it without a blank line in between, except
 * those on the line of the bracket.
 */
function leadStart(source: string, boundary: number, from: number, first: boolean): number {
  let start = from;
  for (const found of [...source.slice(boundary, from).matchAll(comment)].reverse()) {
    const begin = boundary + found.index;
    const onBracketLine = first && !source.slice(boundary, begin).includes("\n");
    const between = source.slice(begin + found[0].length, start);
    if (between.split("\n").length > 2 || (onBracketLine && between.includes("\n"))) break;
    start = begin;
  }
  return start;
}

/** Returns the end of an item: after the comma and the comments on its line, if the line or the list ends there. */
function tailEnd(source: string, list: List, item: ListItem): number {
  const after = item.comma === null ? item.to : item.comma + 1;
  const end = after + restOfLine.exec(source.slice(after, list.close))![0].length;
  return /^[ \t]*(\r?\n|$)/.test(source.slice(end, list.close)) ? end : after;
}

export function itemTextOf(source: string, { start, from, to, comma, end }: Segment): ItemText {
  const tail =
    comma === null ? source.slice(to, end) : source.slice(to, comma).trimEnd() + source.slice(comma + 1, end);
  return { lead: source.slice(start, from), text: source.slice(from, to), tail };
}

/** True if a comment or line break in the piece means that it cannot share its lines with other items. */
export function needsOwnLine({ lead, tail }: ItemText): boolean {
  return lead.includes("\n") || lead.includes("//") || tail.includes("\n") || tail.includes("//");
}

function endsInLineComment(text: string): boolean {
  const last = [...text.matchAll(comment)].at(-1);
  return last !== undefined && last[0].startsWith("//") && last.index + last[0].length === text.length;
}

/**
 * Inserts `piece` before the item at `index`, or after the last one. Its lines after the first must already be
 * indented.
 */
export function insertItem(source: string, list: List, index: number, piece: ItemText): SourceChange[] {
  const segments = segmentsOf(source, list);
  const next = segments[index];
  if (segments.length === 0) return fillEmpty(source, list, piece);
  return next ? insertBefore(source, list, segments, index, piece) : append(source, list, segments.at(-1)!, piece);
}

/** Returns the indentation of items on lines of their own. */
export function itemIndent(source: string, list: List): string {
  const own = segmentsOf(source, list).find((segment) => segment.ownLine);
  return own ? indentAt(source, own.start) : `${indentAt(source, list.open - 1)}  `;
}

function fillEmpty(source: string, list: List, { lead, text, tail }: ItemText): SourceChange[] {
  const inside = source.slice(list.open, list.close);
  if (inside.trim() === "" && !needsOwnLine({ lead, text, tail })) {
    return [{ from: list.open, to: list.close, insert: `${lead}${text}${tail}` }];
  }
  const base = indentAt(source, list.open - 1);
  const from = list.open + inside.trimEnd().length;
  return [{ from, to: list.close, insert: `\n${base}  ${lead}${text},${tail}\n${base}` }];
}

function insertBefore(source: string, list: List, segments: Segment[], index: number, piece: ItemText): SourceChange[] {
  const { lead, text, tail } = piece;
  const { start, ownLine } = segments[index]!;
  const indent = itemIndent(source, list);
  const item = `${lead}${text},${tail}`;
  if (ownLine) return [{ from: start, to: start, insert: `${item}\n${indentAt(source, start)}` }];
  if (!needsOwnLine(piece)) return [{ from: start, to: start, insert: `${item} ` }];
  const from = segments[index - 1]?.end ?? list.open;
  return [{ from, to: start, insert: `\n${indent}${item}\n${indent}` }];
}

function append(source: string, list: List, last: Segment, piece: ItemText): SourceChange[] {
  const { lead, text, tail } = piece;
  const ownLine = last.ownLine || needsOwnLine(piece) || endsInLineComment(source.slice(last.to, last.end));
  const space = ownLine ? `\n${itemIndent(source, list)}` : " ";
  const closing =
    endsInLineComment(tail) && !/^[ \t]*\r?\n/.test(source.slice(last.end))
      ? `\n${indentAt(source, list.open - 1)}`
      : "";
  const item = `${space}${lead}${text}${last.comma === null ? "" : ","}${tail}${closing}`;
  const behind: SourceChange = { from: last.end, to: last.end, insert: item };
  if (last.comma !== null) return [behind];
  return last.to === last.end
    ? [{ ...behind, insert: `,${item}` }]
    : [{ from: last.to, to: last.to, insert: "," }, behind];
}

export function removeItem(source: string, list: List, index: number): SourceChange[] {
  const segments = segmentsOf(source, list);
  const gone = segments[index]!;
  const previous = segments[index - 1];
  const change = { ...spanWithSpace(source, list, gone, previous, segments[index + 1]), insert: "" };
  if (segments.length === 1) return [onlyItem(source, list, change)];
  const dangling = index === segments.length - 1 && gone.comma === null ? previous!.comma : null;
  return dangling === null ? [change] : [{ from: dangling, to: dangling + 1, insert: "" }, change];
}

function onlyItem(source: string, list: List, change: SourceChange): SourceChange {
  const rest = source.slice(list.open, change.from) + source.slice(change.to, list.close);
  return rest.trim() === "" ? { from: list.open, to: list.close, insert: "" } : change;
}

function spanWithSpace(source: string, list: List, gone: Segment, previous?: Segment, next?: Segment): Span {
  const boundary = previous?.end ?? list.open;
  if (next && !next.ownLine) return { from: gone.start, to: next.start };
  if (!gone.ownLine) return { from: previous ? boundary : gone.start, to: gone.end };
  const from = boundary + source.slice(boundary, gone.start).lastIndexOf("\n");
  // The newline stays if it ends a line comment and no other newline follows.
  const lineEnds = /^[ \t]*\r?\n/.test(source.slice(gone.end));
  const needed = !lineEnds && endsInLineComment(source.slice(previous?.to ?? list.open, from));
  return { from: needed ? gone.start : withoutReturn(source, from), to: gone.end };
}

function withoutReturn(source: string, newline: number): number {
  return source[newline - 1] === "\r" ? newline - 1 : newline;
}

/** Puts each item of a one-line list on a line of its own. */
export function breakList(source: string, list: List): SourceChange[] {
  const base = indentAt(source, list.open - 1);
  const segments = segmentsOf(source, list);
  const changes = segments.map(({ start }, index) => {
    const from = segments[index - 1]?.end ?? list.open;
    return { from, to: start, insert: `\n${base}  ` };
  });
  const last = segments.at(-1)!;
  if (last.comma === null) changes.push({ from: last.to, to: last.to, insert: "," });
  return [...changes, { from: last.end, to: list.close, insert: `\n${base}` }];
}
