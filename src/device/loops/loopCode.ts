/**
 * Emits the bodies of a program's loops. JavaScript and WGSL share this code and differ only in their `Language`.
 */
import type { DType } from "../../base/dtype";
import { stridesOf } from "../../base/shape";
import { accessOf } from "./access";
import type { ElementStatement, NumberSource, Parts, Program, Read, Take, ValueId } from "../program";

/** The syntax of a target language. Indices are integers; `index` is an expression of one. */
export interface Language {
  whole(n: number): string;
  /** Literal of an offset, a stride or a length. Jobs that differ only in these can share code. */
  placeNumber(n: number): string;
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
export interface Place {
  readonly index: string;
  readonly locals: Map<ValueId, string>;
  /** For a loop over the elements of a row: the row's context. */
  readonly row?: Place;
  readonly length?: number;
}

/** Returns the sum of the terms, or 0 if there are none. */
function sumOf(terms: readonly string[], language: Language): string {
  return terms.length === 0 ? language.whole(0) : terms.length === 1 ? terms[0]! : `(${terms.join(" + ")})`;
}

/** Returns an operand's index at index `index` of a loop over `shape`. */
export function indexOf(
  { strides, offset }: Omit<Read, "value">,
  shape: readonly number[],
  index: string,
  language: Language,
): string {
  const inner = stridesOf(shape);
  const terms = shape.flatMap((length, axis) => {
    if (strides[axis] === 0 || length === 1) return [];
    const above = inner[axis] === 1 ? index : language.divide(index, inner[axis]!);
    const isFirst = shape.slice(0, axis).every((n) => n === 1);
    const at = isFirst ? above : `(${above} % ${language.whole(length)})`;
    return [strides[axis] === 1 ? at : `${at} * ${language.placeNumber(strides[axis]!)}`];
  });
  if (offset !== 0) terms.push(language.placeNumber(offset));
  return sumOf(terms, language);
}

/** Returns the context of a row's elements. A row of one element shares its locals with that element. */
export function elementsOf(row: Place, length: number): Place {
  return { index: "i", locals: new Map(length === 1 ? row.locals : []), row, length };
}

export class LoopCode {
  /** Functions that the generated bodies call. */
  readonly helpers: string[] = [];
  private readonly helperNames = new Map<ValueId | Parts, string>();
  private names = 0;

  constructor(
    readonly program: Program,
    readonly language: Language,
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
  valueAt(value: ValueId, place: Place, lines: string[]): string {
    const known = place.locals.get(value);
    if (known) return known;
    const stored = this.program.values[value]!.place;
    const expression =
      stored.kind === "inline" ? this.callAt(stored.statement, place, lines) : this.language.load(value, place.index);
    return this.keepLocal(value, expression, place, lines);
  }

  /** Returns a call of a statement's function on its operands at a place. */
  callAt(statement: ElementStatement, place: Place, lines: string[]): string {
    const { element, reads, take, parts, scalars, words } = statement;
    const args = take
      ? [this.taken(take, place.index)]
      : parts
        ? [this.parted(parts, place.index)]
        : reads.map((read) => this.readAt(read, statement.shape, place, lines));
    if (element.indexed) args.unshift(place.index);
    args.push(...scalars.slice(0, element.scalars ?? 0).map((source) => this.language.number(source, "scalar")));
    args.push(...words.slice(0, element.words ?? 0).map((source) => this.language.number(source, "word")));
    const inputs = take ? [this.dtypeOf(take.table)] : (parts?.list ?? reads).map(({ value }) => this.dtypeOf(value));
    return this.language.call(statement, inputs, this.dtypeOf(statement.result), args);
  }

  /** Emits code that computes statements in order at a place and then stores the results that need it. */
  bodyAt(statements: readonly ElementStatement[], place: Place): string[] {
    const { lines, stores } = this.partsAt(statements, place);
    return [...lines, ...stores];
  }

  /** Variant of `bodyAt` that returns the stores separately, so that memory is read before it is overwritten. */
  partsAt(statements: readonly ElementStatement[], place: Place): { lines: string[]; stores: string[] } {
    const lines: string[] = [];
    const stores: string[] = [];
    for (const statement of statements) {
      const { result } = statement;
      const name = this.keepLocal(result, this.callAt(statement, place, lines), place, lines);
      if (this.program.values[result]!.stored) stores.push(this.language.store(result, place.index, name));
    }
    return { lines, stores };
  }

  keepLocal(value: ValueId, expression: string, place: Place, lines: string[]): string {
    const name = this.newName("v");
    lines.push(this.language.define(name, this.dtypeOf(value), expression));
    place.locals.set(value, name);
    return name;
  }

  private taken({ table, order, inner, start }: Take, index: string): string {
    const { language } = this;
    const place = `${language.number(start, "word")} + ${language.divide(index, inner)}`;
    const row = language.asIndex(this.anywhere(order, place));
    return this.anywhere(table, `${row} * ${language.whole(inner)} + (${index}) % ${language.whole(inner)}`);
  }

  /** Returns an expression of the one part that contains the index. The other parts are not read. */
  private parted(parts: Parts, index: string): string {
    let name = this.helperNames.get(parts);
    if (!name) {
      name = `${this.prefix}e${this.names++}`;
      this.helperNames.set(parts, name);
      const [lines, value] = this.choice(parts, 0, parts.list.length);
      this.helpers.push(this.language.helper(name, this.dtypeOf(parts.list[0]!.value), lines, value));
    }
    return `${name}(${index})`;
  }

  /** Emits a binary search for the part: lines that return early, and the expression of the last part. */
  private choice({ length, list }: Parts, from: number, to: number): [lines: string[], value: string] {
    const { language } = this;
    const column = `i % ${language.whole(length)}`;
    if (to - from === 1) {
      const { value, end } = list[from]!;
      const begin = from === 0 ? 0 : list[from - 1]!.end;
      const row = `${language.divide("i", length)} * ${language.whole(end - begin)}`;
      return [[], this.anywhere(value, `${row} + ${column} - ${language.whole(begin)}`)];
    }
    const middle = (from + to) >> 1;
    const [before, first] = this.choice({ length, list }, from, middle);
    const [after, last] = this.choice({ length, list }, middle, to);
    const limit = language.whole(list[middle - 1]!.end);
    return [[`if (${column} < ${limit}) {`, ...before, `return ${first};`, "}", ...after], last];
  }

  private readAt(read: Read, shape: readonly number[], place: Place, lines: string[]): string {
    const { value } = read;
    const access = accessOf(read, shape, place.length ?? 1);
    if (access === "same") return this.valueAt(value, place, lines);
    if (access === "row" && place.row) return this.rowValueAt(value, place, place.row, lines);
    return this.anywhere(value, indexOf(read, shape, place.index, this.language));
  }

  /** Returns a row's value inside the loop over its elements. Code generated for it stays local to that loop. */
  private rowValueAt(value: ValueId, place: Place, row: Place, lines: string[]): string {
    const known = row.locals.get(value) ?? place.locals.get(value);
    if (known) return known;
    const locals = new Map(row.locals);
    const name = this.valueAt(value, { index: row.index, locals }, lines);
    place.locals.set(value, name);
    return name;
  }

  /** Returns an expression of the value at an arbitrary index. */
  anywhere(value: ValueId, index: string): string {
    const { place } = this.program.values[value]!;
    if (place.kind !== "inline") return this.language.load(value, index);
    const { element, reads, take, parts } = place.statement;
    // A constant or a number of the run has the same value at every index.
    if (reads.length === 0 && !take && !parts && !element.indexed)
      return this.callAt(place.statement, { index, locals: new Map() }, []);
    return `${this.helperFor(value, place.statement)}(${index})`;
  }

  private helperFor(value: ValueId, statement: ElementStatement): string {
    let name = this.helperNames.get(value);
    if (!name) {
      name = `${this.prefix}e${this.names++}`;
      this.helperNames.set(value, name);
      const lines: string[] = [];
      const result = this.callAt(statement, { index: "i", locals: new Map() }, lines);
      this.helpers.push(this.language.helper(name, this.dtypeOf(value), lines, result));
    }
    return name;
  }
}
