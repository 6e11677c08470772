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

/** Lengths of the lines along which statements read, where that is not at their own index. */
function lineLengths(program: Program, statements: readonly ElementStatement[], lengths: Set<number>): Set<number> {
  for (const { take, reads, shape } of statements) {
    if (take) lengths.add(take.inner);
    for (const read of reads) {
      const isSame = accessOf(read, shape, 1) === "same";
      if (!isSame && read.strides.some((stride) => stride !== 0)) lengths.add(shape.at(-1)!);
      const { place } = program.values[read.value]!;
      if (isSame && place.kind === "inline") lineLengths(program, [place.statement], lengths);
    }
  }
  return lengths;
}

/** Shorter lines leave too many lanes empty. */
const shortLine = 3;

/**
 * Where all statements read along lines of one length the loop goes line by line: where a line lies is computed once, and its
 * elements lie side by side.
 */
export function writeLoop(code: ProgramLanes, { size, body }: Pick<LoopJob, "size" | "body">): void {
  const { builder, indices } = code;
  const [length, ...others] = lineLengths(code.program, body, new Set());
  const write = (index: LaneIndex) => code.body(body, index, new Map());
  if (length === undefined || others.length > 0 || length < shortLine || size % length !== 0 || length === size) {
    inFours(code, size, write);
    return;
  }
  const lines = size / length;
  builder.loop(0, lines, 1, (count) => {
    const begin = indices.times(indices.count(count, lines - 1), length);
    inFours(code, length, (index) => write(indices.add(begin, index)));
  });
}
