/**
 * Emits the bodies of a program's loops. JavaScript and WGSL share this code and differ only in their `Emitter`.
 */
import type { DType } from "../../base/dtype";
import { stridesOf } from "../../base/shape";
import { accessOf } from "./access";
import type { ElementStatement, NumberSource, ConcatOperands, Program, OperandRead, Take, ValueId } from "../program";

/** The syntax of a target language. Indices are integers; `index` is an expression of one. */
export interface Emitter {
  whole(n: number): string;
  /** Literal of an offset, a stride or a length. Jobs that differ only in these can share code. */
  layoutNumber(n: number): string;
  divide(index: string, by: number): string;
  /** Converts an int32 to an index. */
  asIndex(whole: string): string;
  /** Expression of a number, fixed or passed with each run, as a float or as an unsigned word. */
  number(source: NumberSource, type: "scalar" | "word"): string;
  define(name: string, dtype: DType, expression: string): string;
  /** Call of a statement's element function with arguments. */
  call(statement: ElementStatement, inputs: readonly DType[], result: DType, args: readonly string[]): string;
  load(value: ValueId, index: string): string;
  store(value: ValueId, index: string, expression: string): string;
  /** A function of an index `i`: its lines, followed by the expression it returns. */
  helper(name: string, dtype: DType, lines: readonly string[], value: string): string;
}

/** Emit context: the index that code is emitted for, and the local variables already defined. */
export interface EmitContext {
  readonly index: string;
  readonly locals: Map<ValueId, string>;
  /** For a loop over the elements of a row: the row's context. */
  readonly row?: EmitContext;
  readonly length?: number;
}

/** Returns the sum of the terms, or 0 if there are none. */
function emitSum(terms: readonly string[], emitter: Emitter): string {
  return terms.length === 0 ? emitter.whole(0) : terms.length === 1 ? terms[0]! : `(${terms.join(" + ")})`;
}

/** Returns an operand's index at index `index` of a loop over `shape`. */
export function emitIndex(
  { strides, offset }: Omit<OperandRead, "value">,
  shape: readonly number[],
  index: string,
  emitter: Emitter,
): string {
  const inner = stridesOf(shape);
  const terms = shape.flatMap((length, axis) => {
    if (strides[axis] === 0 || length === 1) return [];
    const above = inner[axis] === 1 ? index : emitter.divide(index, inner[axis]!);
    const isFirst = shape.slice(0, axis).every((n) => n === 1);
    const at = isFirst ? above : `(${above} % ${emitter.whole(length)})`;
    return [strides[axis] === 1 ? at : `${at} * ${emitter.layoutNumber(strides[axis]!)}`];
  });
  if (offset !== 0) terms.push(emitter.layoutNumber(offset));
  return emitSum(terms, emitter);
}

/** Returns the context of a row's elements. A row of one element shares its locals with that element. */
export function rowContext(row: EmitContext, length: number): EmitContext {
  return { index: "i", locals: new Map(length === 1 ? row.locals : []), row, length };
}

export class LoopCode {
  /** Functions that the generated bodies call. */
  readonly helpers: string[] = [];
  private readonly helperNames = new Map<ValueId | ConcatOperands, string>();
  private names = 0;

  constructor(
    readonly program: Program,
    readonly emitter: Emitter,
    /** Prefix of the helpers' names, which keeps them distinct from those of other code. */
    private readonly prefix = "",
  ) {}

  dtypeOf(value: ValueId): DType {
    return this.program.values[value]!.dtype;
  }

  newName(prefix: string): string {
    return `${prefix}${this.names++}`;
  }

  /** Returns an expression of the value at a place, and appends the statements it depends on to `lines`. */
  valueAt(value: ValueId, context: EmitContext, lines: string[]): string {
    const known = context.locals.get(value);
    if (known) return known;
    const stored = this.program.values[value]!.location;
    const expression =
      stored.kind === "inline"
        ? this.callAt(stored.statement, context, lines)
        : this.emitter.load(value, context.index);
    return this.defineLocal(value, expression, context, lines);
  }

  /** Returns a call of a statement's function on its operands at a place. */
  callAt(statement: ElementStatement, context: EmitContext, lines: string[]): string {
    const { element, reads, take, concat, scalars, words } = statement;
    const args = take
      ? [this.emitGather(take, context.index)]
      : concat
        ? [this.emitConcat(concat, context.index)]
        : reads.map((read) => this.readAt(read, statement.shape, context, lines));
    if (element.indexed) args.unshift(context.index);
    args.push(...scalars.slice(0, element.scalars ?? 0).map((source) => this.emitter.number(source, "scalar")));
    args.push(...words.slice(0, element.words ?? 0).map((source) => this.emitter.number(source, "word")));
    const inputs = take ? [this.dtypeOf(take.table)] : (concat?.list ?? reads).map(({ value }) => this.dtypeOf(value));
    return this.emitter.call(statement, inputs, this.dtypeOf(statement.result), args);
  }

  /** Emits code that computes statements in order at a place and then stores the results that need it. */
  bodyAt(statements: readonly ElementStatement[], context: EmitContext): string[] {
    const { lines, stores } = this.linesAndStoresAt(statements, context);
    return [...lines, ...stores];
  }

  /** Variant of `bodyAt` that returns the stores separately, so that memory is read before it is overwritten. */
  linesAndStoresAt(
    statements: readonly ElementStatement[],
    context: EmitContext,
  ): { lines: string[]; stores: string[] } {
    const lines: string[] = [];
    const stores: string[] = [];
    for (const statement of statements) {
      const { result } = statement;
      const name = this.defineLocal(result, this.callAt(statement, context, lines), context, lines);
      if (this.program.values[result]!.stored) stores.push(this.emitter.store(result, context.index, name));
    }
    return { lines, stores };
  }

  defineLocal(value: ValueId, expression: string, context: EmitContext, lines: string[]): string {
    const name = this.newName("v");
    lines.push(this.emitter.define(name, this.dtypeOf(value), expression));
    context.locals.set(value, name);
    return name;
  }

  private emitGather({ table, order, inner, start }: Take, index: string): string {
    const { emitter } = this;
    const context = `${emitter.number(start, "word")} + ${emitter.divide(index, inner)}`;
    const row = emitter.asIndex(this.loadAt(order, context));
    return this.loadAt(table, `${row} * ${emitter.whole(inner)} + (${index}) % ${emitter.whole(inner)}`);
  }

  /** Returns an expression of the one part that contains the index. The other parts are not read. */
  private emitConcat(parts: ConcatOperands, index: string): string {
    let name = this.helperNames.get(parts);
    if (!name) {
      name = `${this.prefix}e${this.names++}`;
      this.helperNames.set(parts, name);
      const [lines, value] = this.choice(parts, 0, parts.list.length);
      this.helpers.push(this.emitter.helper(name, this.dtypeOf(parts.list[0]!.value), lines, value));
    }
    return `${name}(${index})`;
  }

  /** Emits a binary search for the part: lines that return early, and the expression of the last part. */
  private choice({ length, list }: ConcatOperands, from: number, to: number): [lines: string[], value: string] {
    const { emitter } = this;
    const column = `i % ${emitter.whole(length)}`;
    if (to - from === 1) {
      const { value, end } = list[from]!;
      const begin = from === 0 ? 0 : list[from - 1]!.end;
      const row = `${emitter.divide("i", length)} * ${emitter.whole(end - begin)}`;
      return [[], this.loadAt(value, `${row} + ${column} - ${emitter.whole(begin)}`)];
    }
    const middle = (from + to) >> 1;
    const [before, first] = this.choice({ length, list }, from, middle);
    const [after, last] = this.choice({ length, list }, middle, to);
    const limit = emitter.whole(list[middle - 1]!.end);
    return [[`if (${column} < ${limit}) {`, ...before, `return ${first};`, "}", ...after], last];
  }

  private readAt(read: OperandRead, shape: readonly number[], context: EmitContext, lines: string[]): string {
    const { value } = read;
    const access = accessOf(read, shape, context.length ?? 1);
    if (access === "same") return this.valueAt(value, context, lines);
    if (access === "row" && context.row) return this.rowValueAt(value, context, context.row, lines);
    return this.loadAt(value, emitIndex(read, shape, context.index, this.emitter));
  }

  /** Returns a row's value inside the loop over its elements. Code generated for it stays local to that loop. */
  private rowValueAt(value: ValueId, context: EmitContext, row: EmitContext, lines: string[]): string {
    const known = row.locals.get(value) ?? context.locals.get(value);
    if (known) return known;
    const locals = new Map(row.locals);
    const name = this.valueAt(value, { index: row.index, locals }, lines);
    context.locals.set(value, name);
    return name;
  }

  /** Returns an expression of the value at an arbitrary index. */
  loadAt(value: ValueId, index: string): string {
    const { location } = this.program.values[value]!;
    if (location.kind !== "inline") return this.emitter.load(value, index);
    const { element, reads, take, concat } = location.statement;
    // A constant or a number of the run has the same value at every index.
    if (reads.length === 0 && !take && !concat && !element.indexed)
      return this.callAt(location.statement, { index, locals: new Map() }, []);
    return `${this.helperFor(value, location.statement)}(${index})`;
  }

  private helperFor(value: ValueId, statement: ElementStatement): string {
    let name = this.helperNames.get(value);
    if (!name) {
      name = `${this.prefix}e${this.names++}`;
      this.helperNames.set(value, name);
      const lines: string[] = [];
      const result = this.callAt(statement, { index: "i", locals: new Map() }, lines);
      this.helpers.push(this.emitter.helper(name, this.dtypeOf(value), lines, result));
    }
    return name;
  }
}
