/** Loops over elements, four at a time. */
import { accessOf } from "../../../loops/access";
import type { ElementStatement, LoopJob, Program, ValueId } from "../../../program";
import type { WasmNode } from "../assembler/wasmGraph";
import type { LaneIndex } from "../lanes/laneIndex";
import type { ProgramLanes } from "../lanes/programLanes";

/** Runs `body` for consecutive indices below `size`: four at a time, then for the remainder. */
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
  /** Lengths of the lines along which statements read, other than at their own index. */
  readonly lengths: Set<number>;
  /** Columns at which another part begins. */
  readonly cuts: Set<number>;
}

function collectLines(program: Program, statements: readonly ElementStatement[], lines: Lines): Lines {
  const { lengths, cuts } = lines;
  for (const { take, concat, reads, shape } of statements) {
    if (take) lengths.add(take.inner);
    if (concat) {
      lengths.add(concat.length);
      for (const { end } of concat.list) cuts.add(end);
    }
    for (const read of reads) {
      const isSame = accessOf(read, shape, 1) === "same";
      if (!isSame && read.strides.some((stride) => stride !== 0)) lengths.add(shape.at(-1)!);
      const { location } = program.values[read.value]!;
      if (isSame && location.kind === "inline") collectLines(program, [location.statement], lines);
    }
  }
  return lines;
}

/** Returns true if all four lanes are certainly equal. */
function isUniform({ op, args, immediate }: WasmNode): boolean {
  if (op === "v128.load32_splat" || op === "i32x4.splat") return true;
  if (op === "v128.const") return immediate.every((bits) => bits === immediate[0]);
  return args.length > 0 && !/load|lane|shuffle/.test(op) && args.every(isUniform);
}

/** Below this size, a loop takes no longer than the check for whether it is needed. */
const longLoop = 64;

/**
 * Returns the condition of a guarded update, which is the same for all elements: if it is false, the loop only stores
 * the values that are already there. Undefined if there is no single such condition.
 */
function conditionOf(code: ProgramLanes, { size, body }: Pick<LoopJob, "size" | "body">): WasmNode | undefined {
  const { values } = code.program;
  const stored = body.filter(({ result }) => values[result]!.stored);
  const isUpdate = stored.length > 0 && stored.every(({ result }) => values[result]!.location.kind === "variable");
  if (!isUpdate || size < longLoop) return undefined;
  const { builder, indices } = code;
  const { number } = builder.newVariable("i32");
  const index = indices.add(indices.count(builder.graph.variable(number, "i32", 1), size - 4, 4), indices.lane);
  const known = new Map<ValueId, WasmNode>();
  for (const statement of body) known.set(statement.result, code.call(statement, { index, known }));
  const masks = stored.map(({ result }) => {
    const { op, args } = known.get(result)!;
    return op === "v128.bitselect" && args[1] === code.load(result, index) ? args[2] : undefined;
  });
  const [mask, ...others] = new Set(masks);
  return mask && others.length === 0 && mask.level === 0 && isUniform(mask) ? mask : undefined;
}

/** Shorter lines would leave too many lanes unused. */
const shortLine = 3;

/** Limit on the copies of statements over all parts of a line. */
const maxUnroll = 256;

/**
 * Emits a loop over elements. If all statements read along lines of the same length, it runs line by line, so that
 * a line's address is computed once and its elements are contiguous. A line assembled from parts runs part by part.
 */
export function writeLoop(code: ProgramLanes, { size, body }: Pick<LoopJob, "size" | "body">): void {
  const { builder, indices } = code;
  const condition = conditionOf(code, { size, body });
  if (condition) {
    builder.exitUnless(builder.graph.extract(condition, 0));
    builder.graph.assume(condition);
  }
  const { lengths, cuts } = collectLines(code.program, body, { lengths: new Set(), cuts: new Set() });
  const [length, ...others] = lengths;
  const write = (index: LaneIndex) => code.body(body, index, new Map());
  const isWhole = cuts.size === 0 && length === size;
  if (length === undefined || others.length > 0 || length < shortLine || size % length !== 0 || isWhole) {
    inFours(code, size, write);
    return;
  }
  const ends = cuts.size * body.length > maxUnroll ? [length] : [...cuts.add(length)].toSorted((a, b) => a - b);
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
