/** A place in a text: lines and columns from 1, columns in UTF-16 units, as engines count them. */
export interface Position {
  line: number;
  column: number;
}

/** `text` with `insert` in place of `remove` characters at `offset`. */
export interface Edit {
  offset: number;
  remove: number;
  insert: string;
}

/** Maps an offset in a made text to the offset in the text that it was made from. */
export type OffsetMap = (offset: number) => number;

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: before.length - lineStart + 1 };
}

/** The offset of a position; one past the end of its line, or of the text, gives that end. */
export function offsetAt(text: string, { line, column }: Position): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + column - 1, end < 0 ? text.length : end);
}

/** Applies edits, which are in order and do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const { offset, remove, insert } of edits) {
    result += text.slice(from, offset) + insert;
    from = offset + remove;
  }
  return result + text.slice(from);
}

/** Back from the result of `applyEdits`; all of an inserted text stands for the place it was put at. */
export function mapThroughEdits(edits: readonly Edit[]): OffsetMap {
  return (offset) => {
    let shift = 0;
    for (const edit of edits) {
      const start = edit.offset + shift;
      if (offset < start) break;
      if (offset < start + edit.insert.length) return edit.offset;
      shift += edit.insert.length - edit.remove;
    }
    return offset - shift;
  };
}
