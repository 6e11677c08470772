/** A loop over elements, four at a time. */
import { accessOf } from "../../loops/access";
import type { ElementStatement, LoopJob, Program } from "../../program";
import type { LaneIndex } from "./laneIndex";
import type { ProgramLanes } from "./programLanes";

/** Runs `body` for neighbouring indices below `size`: four at a time, then for those that are left. */
export function inFours(code: ProgramLanes, size: number, body: (index: LaneIndex) => void): void {
  const { builder, indices } = code;
  const whole = size - (size % 4);
  builder.loop(0, whole, 4, (count) => body(indices.add(indices.count(count, whole - 4, 4), indices.lane)));
  if (whole === size) return;
  indices.lanes = size - whole;
  body(indices.add(indices.constant(whole), indices.lane));
  indices.lanes = 4;
}

interface Lines {
  /** Lengths of the lines along which statements read, where that is not at their own index. */
  readonly lengths: Set<number>;
  /** Where on a line other parts begin. */
  readonly cuts: Set<number>;
}

function noteLines(program: Program, statements: readonly ElementStatement[], lines: Lines): Lines {
  const { lengths, cuts } = lines;
  for (const { take, parts, reads, shape } of statements) {
    if (take) lengths.add(take.inner);
    if (parts) {
      lengths.add(parts.length);
      for (const { end } of parts.list) cuts.add(end);
    }
    for (const read of reads) {
      const isSame = accessOf(read, shape, 1) === "same";
      if (!isSame && read.strides.some((stride) => stride !== 0)) lengths.add(shape.at(-1)!);
      const { place } = program.values[read.value]!;
      if (isSame && place.kind === "inline") noteLines(program, [place.statement], lines);
    }
  }
  return lines;
}

/** Shorter lines leave too many lanes empty. */
const shortLine = 3;

/** Statements are written so often at most, all cuts of a line together. */
const mostCopies = 256;

/**
 * Where all statements read along lines of one length the loop goes line by line: where a line lies is computed once, and its
 * elements lie side by side. A line that is put together from parts goes part by part.
 */
export function writeLoop(code: ProgramLanes, { size, body }: Pick<LoopJob, "size" | "body">): void {
  const { builder, indices } = code;
  const { lengths, cuts } = noteLines(code.program, body, { lengths: new Set(), cuts: new Set() });
  const [length, ...others] = lengths;
  const write = (index: LaneIndex) => code.body(body, index, new Map());
  const isWhole = cuts.size === 0 && length === size;
  if (length === undefined || others.length > 0 || length < shortLine || size % length !== 0 || isWhole) {
    inFours(code, size, write);
    return;
  }
  const ends = cuts.size * body.length > mostCopies ? [length] : [...cuts.add(length)].toSorted((a, b) => a - b);
  const lines = size / length;
  builder.loop(0, lines, 1, (count) => {
    const begin = indices.times(indices.count(count, lines - 1), length);
    ends.forEach((end, k) => {
      const from = ends[k - 1] ?? 0;
      const start = indices.add(begin, indices.constant(from));
      inFours(code, end - from, (index) => write(indices.add(start, index)));
    });
  });
}
