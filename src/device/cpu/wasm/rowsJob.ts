/**
 * A loop over rows. Long rows are taken one after the other, four elements at a time; of short ones, or where a fold does
 * not follow the rows, each lane has a row of its own.
 */
import { sizeOf } from "../../../base/shape";
import type { FoldLoop } from "../../form";
import { isRowByRow } from "../../loops/access";
import type { ElementStatement, FoldStatement, RowsJob, ValueId } from "../../program";
import type { Variable } from "./codeBuilder";
import type { Node } from "./graph";
import { bitsOf } from "./instructions";
import type { LaneIndex } from "./laneIndex";
import { inFours } from "./loopJob";
import type { ProgramLanes } from "./programLanes";
import { NotRead } from "./wgslReader";

/** Rows so short are folded by one lane each. */
const shortRow = 6;

/** Terms that are folded before they go to the others: what a long sum loses grows with the terms of its parts. */
const partLength = 256;

type Known = Map<ValueId, Node>;

/** Folds along an axis, with its function and what it starts with. */
class Folder {
  readonly start: Node;
  private readonly type: "f32" | "i32";
  private readonly name: string;

  constructor(
    private readonly code: ProgramLanes,
    { result, loop }: FoldStatement,
  ) {
    this.type = code.typeOf(result);
    this.name = loop.fold.wgsl;
    const { graph } = code.builder;
    this.start = graph.constant(this.type === "f32" ? bitsOf(loop.start) : loop.start);
  }

  both(a: Node, b: Node): Node {
    return this.code.fold(this.name, this.type, a, b);
  }

  newVariable(): Variable {
    const variable = this.code.builder.newVariable("v128");
    this.code.builder.set(variable, this.start);
    return variable;
  }

  into(variable: Variable, value: Node): void {
    const { builder } = this.code;
    builder.set(variable, this.both(builder.get(variable), value));
  }

  /** Several variables as one value. */
  joined(variables: readonly Variable[]): Node {
    return variables.map((variable) => this.code.builder.get(variable)).reduce((a, b) => this.both(a, b));
  }

  /** The fold of all lanes, in each of them. */
  across(value: Node): Node {
    const { graph } = this.code.builder;
    const halves = this.both(value, graph.shuffle(value, value, [2, 3, 0, 1]));
    return this.both(halves, graph.shuffle(halves, halves, [1, 0, 3, 2]));
  }

  /** In lanes that do not exist, what folding leaves as it is. */
  held(value: Node, lanes: number): Node {
    const { graph } = this.code.builder;
    const mask = graph.lanes([0, 1, 2, 3].map((lane) => (lane < lanes ? -1 : 0)));
    return graph.select(value, this.start, mask);
  }
}

class RowsWriter {
  constructor(
    private readonly code: ProgramLanes,
    private readonly job: RowsJob,
  ) {}

  write(): void {
    const { rows, length, body } = this.job;
    const followsRows = body.every((statement) => statement.kind !== "fold" || isRowByRow(statement.loop));
    const { builder, indices } = this.code;
    if (followsRows && (length > shortRow || rows === 1)) {
      builder.loop(0, rows, 1, (count) => this.row(indices.count(count, rows - 1)));
    } else inFours(this.code, rows, (index) => this.fourRows(index));
  }

  private isOfRow({ result }: ElementStatement | FoldStatement): boolean {
    return this.code.program.values[result]!.size === this.job.rows;
  }

  /** Statements of one row; its own values are stored at the end: what they replace is read before. */
  private row(row: LaneIndex): void {
    const known: Known = new Map();
    for (const statement of this.job.body) {
      if (statement.kind === "fold") known.set(statement.result, this.foldRow(statement, row, known));
      else if (this.isOfRow(statement)) known.set(statement.result, this.code.call(statement, { index: row, known }));
      else {
        this.elements(row, (index) => this.code.body([statement], index, new Map(known)));
        this.code.builder.nextPass();
      }
    }
    this.storeRow(row, known);
  }

  private storeRow(row: LaneIndex, known: Known): void {
    for (const statement of this.job.body) {
      if (this.isOfRow(statement)) this.code.storeIfWanted(statement.result, row, known.get(statement.result)!);
    }
  }

  /** Runs `body` for the elements of a row. */
  private elements(row: LaneIndex, body: (index: LaneIndex) => void): void {
    const { indices } = this.code;
    const begin = indices.times(row, this.job.length);
    inFours(this.code, this.job.length, (index) => body(indices.add(begin, index)));
  }

  private foldRow(statement: FoldStatement, row: LaneIndex, known: Known): Node {
    const { code, job } = this;
    const folder = new Folder(code, statement);
    const begin = code.indices.times(row, job.length);
    const at = (index: LaneIndex) =>
      code.valueAt(statement.operand, { index: code.indices.add(begin, index), known: new Map(known) });
    const whole = job.length - (job.length % 4);
    const total = foldLong(code, folder, whole / 4, (count, max, turn) => {
      const { indices } = code;
      const first = indices.add(indices.times(indices.count(count, max), 4), indices.constant(4 * turn));
      return at(indices.add(first, indices.lane));
    });
    if (whole === job.length) return folder.across(total);
    code.indices.lanes = job.length - whole;
    const rest = folder.held(at(code.indices.add(code.indices.constant(whole), code.indices.lane)), job.length - whole);
    code.indices.lanes = 4;
    return folder.across(folder.both(total, rest));
  }

  /** The same with a row in each lane. */
  private fourRows(row: LaneIndex): void {
    const { code, job } = this;
    const known: Known = new Map();
    for (const statement of job.body) {
      if (statement.kind === "fold") known.set(statement.result, this.foldLanes(statement, row, known));
      else if (this.isOfRow(statement)) known.set(statement.result, code.call(statement, { index: row, known }));
      else {
        const begin = code.indices.times(row, job.length);
        code.builder.loop(0, job.length, 1, (count) => {
          const index = code.indices.add(begin, code.indices.count(count, job.length - 1));
          code.body([statement], index, new Map(known));
        });
        code.builder.nextPass();
      }
    }
    this.storeRow(row, known);
  }

  private foldLanes(statement: FoldStatement, row: LaneIndex, known: Known): Node {
    const { code } = this;
    const { loop, operand } = statement;
    const folder = new Folder(code, statement);
    const kept = code.indices.along({ strides: loop.keptStrides, offset: 0 }, loop.keptShape, row);
    // Along its own row what was computed for the row is known; elsewhere only what is in memory.
    const own: Known = isRowByRow(loop) ? known : new Map();
    return this.foldAxes(folder, loop, 0, kept, (index) => code.valueAt(operand, { index, known: new Map(own) }));
  }

  /** Folds the axes from `axis` on: each one's fold goes into that of the one before. */
  private foldAxes(
    folder: Folder,
    loop: FoldLoop,
    axis: number,
    begin: LaneIndex,
    at: (index: LaneIndex) => Node,
  ): Node {
    const length = loop.reducedShape[axis];
    if (length === undefined) return at(begin);
    const { indices } = this.code;
    return foldLong(this.code, folder, length, (count, max, turn) => {
      const steps = indices.add(indices.count(count, max), indices.constant(turn));
      const next = indices.add(begin, indices.times(steps, loop.reducedStrides[axis]!));
      return this.foldAxes(folder, loop, axis + 1, next, at);
    });
  }
}

/**
 * Folds `count` values: four at a time, which need not wait for each other, and in parts.
 * @param at the value of a count that is at most `max`, and `turn` more
 */
function foldLong(
  code: ProgramLanes,
  folder: Folder,
  count: number,
  at: (count: Node, max: number, turn: number) => Node,
): Node {
  const { builder } = code;
  const { graph } = builder;
  const fours = count - (count % 4);
  const rest = Array.from({ length: count - fours }, (_, k) => at(graph.whole(fours + k), fours + k, 0));
  if (fours === 0) return rest.length === 0 ? folder.start : rest.reduce((a, b) => folder.both(a, b));
  const parts = [0, 1, 2, 3].map(() => folder.newVariable());
  const inParts = (start: number, end: number, base: (count: Node) => [Node, number]) =>
    builder.loop(start, end, 4, (node) => {
      const [from, max] = base(node);
      parts.forEach((part, turn) => folder.into(part, at(from, max, turn)));
    });
  if (fours <= 2 * partLength) inParts(0, fours, (node) => [node, fours - 4]);
  else {
    const whole = fours - (fours % partLength);
    const totals = [folder.newVariable(), folder.newVariable()];
    builder.loop(0, whole, partLength, (begin) => {
      parts.forEach((part) => builder.set(part, folder.start));
      inParts(0, partLength, (node) => [graph.op("i32.add", begin, node), whole - 4]);
      folder.into(totals[0]!, folder.joined(parts));
    });
    parts.forEach((part) => builder.set(part, folder.start));
    inParts(whole, fours, (node) => [node, fours - 4]);
    folder.into(totals[1]!, folder.joined(parts));
    parts.splice(0, parts.length, ...totals);
  }
  return rest.reduce((a, b) => folder.both(a, b), folder.joined(parts));
}

/** @throws NotRead for rows without elements. */
export function writeRows(code: ProgramLanes, job: RowsJob): void {
  if (
    job.length === 0 ||
    job.body.some(({ kind, ...rest }) => kind === "fold" && sizeOf((rest as FoldStatement).loop.reducedShape) === 0)
  )
    throw new NotRead("rows without elements");
  new RowsWriter(code, job).write();
}
