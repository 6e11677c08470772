/** Constant folding: a value whose elements are all the same number, known at compile time, needs no loop. */
import type { ElementFunction } from "../../device/form";
import type { ElementStatement, NumberSource, Statement, ValueId } from "../../device/program";
import type { LoweredValue } from "./lower";

const floatConstant: ElementFunction = {
  wgsl: "fn value(number: f32) -> T {\n  return T(number);\n}",
  inputs: 0,
  scalars: 1,
  reference: (number) => number,
};

const wholeConstant: ElementFunction = {
  wgsl: "fn value(word: u32) -> T {\n  return bitcast<T>(word);\n}",
  inputs: 0,
  words: 1,
  reference: (word) => word | 0,
};

function fixedNumbers(sources: readonly NumberSource[]): number[] | undefined {
  const numbers = sources.flatMap((source) => ("fixed" in source ? [source.fixed] : []));
  return numbers.length === sources.length ? numbers : undefined;
}

/** Returns the number that a statement computes everywhere, if it is known. */
function constantOf(statement: ElementStatement, known: ReadonlyMap<ValueId, number>): number | undefined {
  const { element, reads } = statement;
  if (element.indexed || statement.take || statement.concat) return undefined;
  const operands = reads.map(({ value }) => known.get(value));
  const scalars = fixedNumbers(statement.scalars.slice(0, element.scalars ?? 0));
  const words = fixedNumbers(statement.words.slice(0, element.words ?? 0));
  if (!scalars || !words || operands.includes(undefined)) return undefined;
  return element.reference(...(operands as number[]), ...scalars.map(Math.fround), ...words);
}

function constantStatement(statement: ElementStatement, number: number, isFloat: boolean): ElementStatement {
  const source = { fixed: isFloat ? number : number >>> 0 };
  const element = isFloat ? floatConstant : wholeConstant;
  return { ...statement, element, reads: [], scalars: isFloat ? [source] : [], words: isFloat ? [] : [source] };
}

/** Returns the statements with loops over constants replaced by constants. */
export function foldConstants(statements: readonly Statement[], values: readonly LoweredValue[]): Statement[] {
  const known = new Map<ValueId, number>();
  const writers = new Map<ValueId, number>();
  for (const { result } of statements) writers.set(result, (writers.get(result) ?? 0) + 1);
  return statements.map((statement) => {
    const found = statement.kind === "elements" ? constantOf(statement, known) : undefined;
    // A value that several statements write is not constant, even if the first part is.
    if (found === undefined || statement.kind !== "elements" || writers.get(statement.result)! > 1) return statement;
    const isFloat = values[statement.result]!.dtype === "float32";
    const number = isFloat ? Math.fround(found) : found | 0;
    known.set(statement.result, number);
    return constantStatement(statement, number, isFloat);
  });
}
