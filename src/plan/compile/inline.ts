/** Decides which loops to inline: to compute where they are read, rather than store the value and load it again. */
import { accessOf } from "../../device/loops/access";
import { isWideConcat, type ElementStatement, type Statement, type ValueId } from "../../device/program";
import type { LoweredValue } from "./lower";

/** Names of functions whose results are worth storing: recomputing one costs more than loading it. */
const costly = /exponential|logarithm|hyperbolic|error_function|power|softplus|sigmoid|philox|square_root|reciprocal/;

/** Maximum number of operations behind one read of an inlined value. */
const maxWeight = 24;

/** Returns the values that a statement reads. */
export function operandsOf(statement: Statement): readonly ValueId[] {
  if (statement.kind === "elements") {
    const { take, concat, reads } = statement;
    return take ? [take.table, take.order] : (concat?.list ?? reads).map(({ value }) => value);
  }
  if (statement.kind === "fold") return [statement.operand];
  return statement.kind === "product" ? [statement.a, statement.b] : statement.inputs;
}

interface Use {
  readonly by: Statement;
  /** True if every element is read at most once. */
  readonly once: boolean;
}

function usesOf(statements: readonly Statement[], values: readonly LoweredValue[]): Map<ValueId, Use[]> {
  const uses = new Map<ValueId, Use[]>();
  const add = (value: ValueId, use: Use) => {
    const list = uses.get(value);
    if (list) list.push(use);
    else uses.set(value, [use]);
  };
  for (const by of statements) {
    if (by.kind === "elements" && !by.take && !by.concat) {
      for (const read of by.reads) {
        const once = accessOf(read, by.shape, 1) === "same" || values[by.result]!.size <= values[read.value]!.size;
        add(read.value, { by, once });
      }
    } else {
      const once = by.kind === "fold" || (by.kind === "elements" && by.concat !== undefined);
      for (const value of operandsOf(by)) add(value, { by, once });
    }
  }
  return uses;
}

/**
 * Returns the statements to inline: cheap ones, and those read only once.
 * @param kept values that must be stored
 */
export function chooseInline(
  statements: readonly Statement[],
  kept: ReadonlySet<ValueId>,
  values: readonly LoweredValue[],
): Map<ValueId, ElementStatement> {
  const uses = usesOf(statements, values);
  const writers = new Map<ValueId, number>();
  for (const { result } of statements) writers.set(result, (writers.get(result) ?? 0) + 1);
  const weights = new Map<ValueId, number>();
  const inline = new Map<ValueId, ElementStatement>();
  const costlyValues = new Set<ValueId>();
  for (const statement of statements) {
    if (statement.kind !== "elements" || kept.has(statement.result) || writers.get(statement.result)! > 1) continue;
    const list = uses.get(statement.result) ?? [];
    if (!list.every(({ by }) => by.kind === "elements" || by.kind === "fold")) continue;
    const operands = statement.take ? [] : operandsOf(statement);
    const weight = 1 + operands.reduce((sum, value) => sum + (weights.get(value) ?? 0), 0);
    const isCostly = costly.test(statement.element.wgsl) || operands.some((value) => costlyValues.has(value));
    if (list.some(({ by }) => isWideConcat(by)) && (weight > 1 || operands.length > 1)) continue;
    if (isWideConcat(statement)) continue;
    const isCheap = !isCostly && weight <= 4;
    const isReadOnce = list.length === 1 && list[0]!.once && weight <= maxWeight;
    if (!isCheap && !isReadOnce) continue;
    inline.set(statement.result, statement);
    if (isCostly) costlyValues.add(statement.result);
    weights.set(statement.result, weight);
  }
  return inline;
}
