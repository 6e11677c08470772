/**
 * Loops over rows. Long rows run one after the other, four elements at a time. For short rows, or if a fold does not
 * follow the rows, each lane processes a separate row.
 */
import { sizeOf } from "../../../../base/shape";
import type { FoldLoop } from "../../../form";
import { isRowByRow } from "../../../loops/access";
import type { ElementStatement, FoldStatement, RowsJob, ValueId } from "../../../program";
import { UnsupportedWgsl } from "../../../wgsl/wgslReader";
import type { WasmNode } from "../assembler/wasmGraph";
import type { LaneIndex } from "../lanes/laneIndex";
import type { ProgramLanes } from "../lanes/programLanes";
import { Folder } from "./folder";
import { inFours } from "./loopJob";

/** Rows up to this length are folded by one lane each. */
const shortRow = 6;

/** Size of an operand, in nodes, above which it is computed for one vector at a time. */
const longOperand = 40;

type Known = Map<ValueId, WasmNode>;

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

  /** Emits code for one row. Row values are stored last, because they may overwrite memory that the row reads. */
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
      if (this.isOfRow(statement)) this.code.storeIfStored(statement.result, row, known.get(statement.result)!);
    }
  }

  /** Runs `body` for the elements of a row. */
  private elements(row: LaneIndex, body: (index: LaneIndex) => void): void {
    const { indices } = this.code;
    const begin = indices.times(row, this.job.length);
    inFours(this.code, this.job.length, (index) => body(indices.add(begin, index)));
  }

  private foldRow(statement: FoldStatement, row: LaneIndex, known: Known): WasmNode {
    const { code, job } = this;
    const folder = new Folder(code, statement);
    const begin = code.indices.times(row, job.length);
    const at = (index: LaneIndex) =>
      code.valueAt(statement.operand, { index: code.indices.add(begin, index), known: new Map(known) });
    const whole = job.length - (job.length % 4);
    const total = folder.along(whole / 4, this.unrollFactor(statement), (count, max, turn) => {
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

  /** Returns the number of values that a fold computes per iteration: 1 if a single value takes long. */
  private unrollFactor({ operand }: FoldStatement): number {
    const index = [{ terms: [], perLane: 1, constant: 0 }] as const;
    return this.code.costOf((scratch) => scratch.valueAt(operand, { index, known: new Map() })) > longOperand ? 1 : 4;
  }

  /** Variant of `row` with a separate row in each lane. */
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

  private foldLanes(statement: FoldStatement, row: LaneIndex, known: Known): WasmNode {
    const { code } = this;
    const { loop, operand } = statement;
    const folder = new Folder(code, statement);
    const kept = code.indices.along({ strides: loop.keptStrides, offset: 0 }, loop.keptShape, row);
    // A fold along its own row can use values computed for the row. Any other fold uses only values in memory.
    const own: Known = isRowByRow(loop) ? known : new Map();
    return this.foldAxes(folder, loop, 0, kept, this.unrollFactor(statement), (index) =>
      code.valueAt(operand, { index, known: new Map(own) }),
    );
  }

  /** Folds the axes from `axis` inward; the fold of each axis is an operand of the outer one. */
  private foldAxes(
    folder: Folder,
    loop: FoldLoop,
    axis: number,
    begin: LaneIndex,
    turns: number,
    at: (index: LaneIndex) => WasmNode,
  ): WasmNode {
    const length = loop.reducedShape[axis];
    if (length === undefined) return at(begin);
    const { indices } = this.code;
    const isLast = axis === loop.reducedShape.length - 1;
    return folder.along(length, isLast ? turns : 1, (count, max, turn) => {
      const steps = indices.add(indices.count(count, max), indices.constant(turn));
      const next = indices.add(begin, indices.times(steps, loop.reducedStrides[axis]!));
      return this.foldAxes(folder, loop, axis + 1, next, turns, at);
    });
  }
}

/** Emits a loop over rows. @throws UnsupportedWgsl for rows without elements. */
export function writeRows(code: ProgramLanes, job: RowsJob): void {
  if (
    job.length === 0 ||
    job.body.some(({ kind, ...rest }) => kind === "fold" && sizeOf((rest as FoldStatement).loop.reducedShape) === 0)
  )
    throw new UnsupportedWgsl("rows without elements");
  new RowsWriter(code, job).write();
}
