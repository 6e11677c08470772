/**
 * Fuses statements into jobs and orders the jobs in levels. A statement is inlined where it is read, joins the job that
 * computes its operands, or starts a new job one level after them.
 */
import { sizeOf } from "../../base/shape";
import { type Access, accessOf, isRowByRow } from "../../device/loops/access";
import {
  isWideConcat,
  type ElementStatement,
  type FoldStatement,
  type Job,
  type LoopJob,
  type ValueLocation,
  type ProductJob,
  type Program,
  type RowsJob,
  type Statement,
  type ValueId,
} from "../../device/program";
import { allocateMemory } from "./allocateMemory";
import { eliminateCommonSubexpressions } from "./eliminateCommonSubexpressions";
import { foldConstants } from "./foldConstants";
import { chooseInline, operandsOf } from "./inline";
import { copyStatement, type LoweredGraph, type LoweredValue } from "./lower";

/** A value that replaces a variable at the end of the program. */
export interface VariableUpdate {
  readonly variable: ValueId;
  readonly value: ValueId;
}

/** A job that further statements may join. */
interface OpenJob {
  readonly job: Job;
  readonly level: number;
  readonly results: Set<ValueId>;
  /** Values from outside the job that it reads. */
  readonly reads: Set<ValueId>;
  /** The subset of `reads` that it reads at indices other than its own. */
  readonly scattered: Set<ValueId>;
}

/** A stored value that a statement reads, directly or through inlined values. */
interface ResolvedRead {
  readonly value: ValueId;
  readonly access: Access;
}

/**
 * Schedules a lowered graph. Equal statements are computed once, unless the program would then exceed the memory limit:
 * a shared value stays allocated until its last use.
 * @param maxElements limit of the program's memory
 */
export function scheduleProgram(
  lowered: LoweredGraph,
  outputs: readonly ValueId[],
  updates: readonly VariableUpdate[],
  maxElements: number,
): Program {
  const shared = new Scheduler(lowered, outputs, updates, true).program();
  if (shared.memorySize <= maxElements) return shared;
  return new Scheduler(lowered, outputs, updates, false).program();
}

class Scheduler {
  private readonly jobs: OpenJob[] = [];
  /** Jobs by level, to search one level for a job that a statement can join. */
  private readonly jobsAt: OpenJob[][] = [];
  private readonly jobOf = new Map<ValueId, OpenJob>();
  /** Copies that replace a variable. */
  private readonly written = new Set<ValueId>();
  private readonly inline: ReadonlyMap<ValueId, ElementStatement>;
  private readonly updateOf: ReadonlyMap<ValueId, ValueId>;
  private readonly updatedVariables: ReadonlySet<ValueId>;

  constructor(
    private readonly lowered: LoweredGraph,
    private readonly outputs: readonly ValueId[],
    private readonly updates: readonly VariableUpdate[],
    shares: boolean,
  ) {
    const folded = foldConstants(lowered.statements, lowered.values);
    const shared = shares ? eliminateCommonSubexpressions(folded, lowered.values) : folded;
    const statements = liveStatements(shared, [...outputs, ...updates.map(({ value }) => value)]);
    const kept = new Set([...outputs, ...updates.map(({ value }) => value)]);
    this.inline = chooseInline(statements, kept, lowered.values);
    this.updateOf = new Map(updates.map(({ variable, value }) => [value, variable]));
    this.updatedVariables = new Set(updates.map(({ variable }) => variable));
    for (const statement of statements) if (!this.inline.has(statement.result)) this.assignStatement(statement);
  }

  program(): Program {
    const variables = this.lowered.variables.map(({ value }) => value);
    const outputs = this.outputs.map((value) => (this.jobOf.has(value) ? value : this.copyOf(value)));
    const inPlace = this.updatesInPlace();
    const locations = new Map<ValueId, ValueLocation>(
      variables.map((value, index) => [value, { kind: "variable", index }]),
    );
    for (const { variable, value } of this.updates) {
      const location: ValueLocation = { kind: "variable", index: variables.indexOf(variable) };
      if (inPlace.get(value) === variable) locations.set(value, location);
      else this.copyInto(value, location, locations);
    }
    for (const [value, statement] of this.inline) locations.set(value, { kind: "inline", statement });
    const inputs = this.lowered.inputs.map(({ value }) => value);
    const lifetimes = this.jobs.map(({ job, level, results, reads }) => ({ job, level, results, reads }));
    const memorySize = allocateMemory({ values: this.lowered.values, locations, inputs, outputs, lifetimes });
    const wanted = new Set([
      ...outputs,
      ...inPlace.keys(),
      ...this.written,
      ...this.jobs.flatMap(({ reads }) => [...reads]),
    ]);
    const levels: Job[][] = [];
    for (const { job, level } of this.jobs) (levels[level] ??= []).push(job);
    return {
      values: this.lowered.values.map((value, id) => ({
        ...value,
        location: locations.get(id) ?? { kind: "memory", offset: 0 },
        stored: wanted.has(id) || this.isReadBack(id),
      })),
      levels,
      memorySize,
      inputs,
      variables: variables.map((value) => this.lowered.values[value]!),
      outputs,
      numbers: this.lowered.numbers,
    };
  }

  private sizeOfValue(value: ValueId): number {
    return this.lowered.values[value]!.size;
  }

  /** Returns the stored values that a statement reads, as accesses of a loop over rows of `length` elements. */
  private resolveReads(statement: Statement, length: number): ResolvedRead[] {
    if (statement.kind === "elements") return this.resolveElementReads(statement, "same", length);
    const access = statement.kind === "fold" && isRowByRow(statement.loop) ? "same" : "other";
    return operandsOf(statement).flatMap((value) => this.resolveThrough(value, access, length));
  }

  /** @param at how the statement's own result is read */
  private resolveElementReads(statement: ElementStatement, at: Access, length: number): ResolvedRead[] {
    const { reads, take, concat, shape } = statement;
    if (take || concat) return operandsOf(statement).flatMap((value) => this.resolveThrough(value, "other", length));
    // If the result is read per row, the statement is a loop over rows, one element each.
    return reads.flatMap((read) => {
      const access = accessOf(read, shape, at === "row" ? 1 : length);
      const composed = at === "other" || access === "other" ? "other" : at === "row" ? "row" : access;
      return this.resolveThrough(read.value, composed, length);
    });
  }

  private resolveThrough(value: ValueId, access: Access, length: number): ResolvedRead[] {
    const statement = this.inline.get(value);
    return statement ? this.resolveElementReads(statement, access, length) : [{ value, access }];
  }

  /** Assigns a statement to an existing job or a new one. */
  private assignStatement(statement: Statement): void {
    const reach = this.resolveReads(statement, 1);
    const needed = new Set(reach.flatMap(({ value }) => this.jobOf.get(value) ?? []));
    const earlier = this.jobOf.get(statement.result);
    if (earlier) needed.add(earlier);
    const deepest = Math.max(-1, ...[...needed].map(({ level }) => level));
    const last = [...needed].filter(({ level }) => level === deepest);
    if (last.length === 1 && this.tryJoin(last[0]!, statement)) return;
    const level = Math.max(deepest + 1, this.levelAfterReaders(statement));
    const beside = this.jobsAt[level]?.find((open) => this.sharesReads(open, reach) && this.tryJoin(open, statement));
    if (!beside) this.openJob(statement, level);
  }

  /** The replacement of a variable must run after everything that reads the variable. */
  private levelAfterReaders({ result }: Statement): number {
    const variable = this.updateOf.get(result);
    if (variable === undefined) return 0;
    return Math.max(-1, ...this.jobs.filter(({ reads }) => reads.has(variable)).map(({ level }) => level)) + 1;
  }

  private sharesReads(open: OpenJob, reach: readonly ResolvedRead[]): boolean {
    return reach.some(({ value }) => open.reads.has(value));
  }

  private tryJoin(open: OpenJob, statement: Statement): boolean {
    const { job } = open;
    if (statement.kind === "shader" || statement.kind === "product" || job.kind === "shader") return false;
    if (isWideConcat(statement) || (job.kind === "loop" && job.body.some(isWideConcat))) return false;
    if (!this.canReplaceInPlace(open, statement.result)) return false;
    const joined =
      job.kind === "rows"
        ? this.joinsRows(open, job, statement)
        : statement.kind === "elements" && this.joinsElements(open, job, statement);
    if (joined) this.noteReads(open, statement, job.kind === "rows" ? job.length : 1);
    return joined;
  }

  /** A job may replace a variable only by values computed from the same index of it. */
  private canReplaceInPlace(open: OpenJob, result: ValueId): boolean {
    const variable = this.updateOf.get(result);
    if (variable === undefined) return true;
    if (!this.readsBeforeReplacing(open, variable)) return false;
    return this.jobs.every((other) => other === open || !other.reads.has(variable) || other.level < open.level);
  }

  /** True if a job reads each element of a variable before it stores the new one. */
  private readsBeforeReplacing({ job, reads, scattered }: OpenJob, variable: ValueId): boolean {
    if (!reads.has(variable)) return true;
    const storesLast = job.kind === "loop" || (job.kind === "rows" && this.sizeOfValue(variable) === job.rows);
    return storesLast && !scattered.has(variable);
  }

  private joinsElements(open: OpenJob, job: LoopJob | ProductJob, statement: ElementStatement): boolean {
    const size = job.kind === "loop" ? job.size : this.sizeOfValue(job.product.result);
    if (this.sizeOfValue(statement.result) !== size) return false;
    const reach = this.resolveReads(statement, 1);
    if (!reach.every(({ value, access }) => access === "same" || !open.results.has(value))) return false;
    if (job.kind === "loop") job.body.push(statement);
    // An update runs no faster as an epilogue of a product, and the program takes longer to compile.
    else if (reach.some(({ value, access }) => access === "same" && this.updatedVariables.has(value))) return false;
    else job.epilogue.push(statement);
    return true;
  }

  private joinsRows(open: OpenJob, job: RowsJob, statement: ElementStatement | FoldStatement): boolean {
    const { rows, length } = job;
    const size = this.sizeOfValue(statement.result);
    const local = (expected: (value: ValueId) => Access, reach: readonly ResolvedRead[]) =>
      reach.every(({ value, access }) => !open.results.has(value) || access === expected(value));
    const atRow = (value: ValueId): Access => (this.sizeOfValue(value) === rows ? "row" : "same");
    if (statement.kind === "fold") {
      const fits = size === rows && sizeOf(statement.loop.reducedShape) === length && isRowByRow(statement.loop);
      if (!fits || !local(length === 1 ? () => "same" : atRow, this.resolveReads(statement, length))) return false;
    } else if (size === rows) {
      if (!local((value) => (this.sizeOfValue(value) === rows ? "same" : "other"), this.resolveReads(statement, 1)))
        return false;
      // Per-element values are not complete while the row is being folded.
      if (
        this.resolveReads(statement, 1).some(({ value }) => open.results.has(value) && this.sizeOfValue(value) !== rows)
      )
        return false;
    } else if (size !== rows * length || !local(atRow, this.resolveReads(statement, length))) return false;
    job.body.push(statement);
    return true;
  }

  private openJob(statement: Statement, level: number): void {
    const job = jobFor(statement, this.sizeOfValue(statement.result));
    const open: OpenJob = { job, level, results: new Set(), reads: new Set(), scattered: new Set() };
    this.jobs.push(open);
    (this.jobsAt[level] ??= []).push(open);
    this.noteReads(open, statement, job.kind === "rows" ? job.length : 1);
  }

  private noteReads(open: OpenJob, statement: Statement, length: number): void {
    for (const { value, access } of this.resolveReads(statement, length)) {
      if (open.results.has(value)) continue;
      open.reads.add(value);
      if (access !== "same") open.scattered.add(value);
    }
    open.results.add(statement.result);
    this.jobOf.set(statement.result, open);
  }

  /**
   * Returns the values that can be stored in a variable directly, each in at most one: no reader of the old value runs
   * in the same level or later.
   */
  private updatesInPlace(): Map<ValueId, ValueId> {
    const inPlace = new Map<ValueId, ValueId>();
    for (const { variable, value } of this.updates) {
      const own = this.jobOf.get(value);
      if (!own || inPlace.has(value) || this.outputs.includes(value)) continue;
      const isRead = this.jobs.some((other) => other !== own && other.reads.has(variable) && other.level >= own.level);
      if (!isRead && this.readsBeforeReplacing(own, variable)) inPlace.set(value, variable);
    }
    return inPlace;
  }

  /**
   * True if a value must be stored although no other job reads it: per-element values of row jobs are loaded again, and
   * shaders always store their results.
   */
  private isReadBack(value: ValueId): boolean {
    const job = this.jobOf.get(value)?.job;
    if (!job) return true;
    return job.kind === "shader" || (job.kind === "rows" && this.sizeOfValue(value) !== job.rows);
  }

  private get lastLevel(): number {
    return Math.max(-1, ...this.jobs.map(({ level }) => level));
  }

  private newCopy(value: ValueId): ElementStatement {
    const original = this.lowered.values[value]!;
    const result = (this.lowered.values as LoweredValue[]).push(original) - 1;
    return copyStatement(value, result, original.size);
  }

  /** Copies an output that no job computes: a constant, an input, or a parameter's value before the step. */
  private copyOf(value: ValueId): ValueId {
    const statement = this.newCopy(value);
    this.openJob(statement, (this.jobOf.get(value)?.level ?? -1) + 1);
    return statement.result;
  }

  /** Replaces a variable by a copy after everything else. */
  private copyInto(value: ValueId, place: ValueLocation, places: Map<ValueId, ValueLocation>): void {
    const statement = this.newCopy(value);
    places.set(statement.result, place);
    this.written.add(statement.result);
    this.openJob(statement, this.lastLevel + 1);
  }
}

function jobFor(statement: Statement, size: number): Job {
  if (statement.kind === "elements") return { kind: "loop", size, body: [statement] };
  if (statement.kind === "product") return { kind: "product", product: statement, epilogue: [] };
  if (statement.kind === "shader") return { kind: "shader", statement };
  return { kind: "rows", rows: size, length: sizeOf(statement.loop.reducedShape), body: [statement] };
}

/** Returns the statements that the wanted values depend on. */
function liveStatements(statements: readonly Statement[], wanted: readonly ValueId[]): Statement[] {
  const live = new Set(wanted);
  const kept: Statement[] = [];
  for (const statement of statements.toReversed()) {
    if (!live.has(statement.result)) continue;
    for (const operand of operandsOf(statement)) live.add(operand);
    kept.push(statement);
  }
  return kept.reverse();
}
