/** A position in a text: line and column from 1, columns in UTF-16 units, as engines count them. */
export interface Position {
  line: number;
  column: number;
}

/** Replaces `remove` characters at `offset` by `insert`. */
export interface TextEdit {
  offset: number;
  remove: number;
  insert: string;
}

/** Maps an offset in a generated text to the offset in its source. */
export type OffsetMap = (offset: number) => number;

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: before.length - lineStart + 1 };
}

/** Returns the offset of a position; a position beyond the end of its line or of the text is clamped to that end. */
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
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let from = 0;
  for (const { offset, remove, insert } of edits) {
    result += text.slice(from, offset) + insert;
    from = offset + remove;
  }
  return result + text.slice(from);
}

/**
 * Maps offsets in the result of `applyEdits` back to the source; all of an inserted text maps to its insertion point.
 */
export function mapThroughEdits(edits: readonly TextEdit[]): OffsetMap {
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
