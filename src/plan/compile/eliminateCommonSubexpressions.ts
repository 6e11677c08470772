/**
 * Common subexpression elimination, for example of the image patches that both a convolution and the gradient of its
 * kernel need. It covers products and shaders, which are separate jobs anyway. Loops over elements are fused into their
 * readers; sharing one would mean storing it.
 */
import type { ProductStatement, ShaderStatement, Statement, ValueId } from "../../device/program";
import { operandsOf } from "./inline";
import type { LoweredValue } from "./lower";

/** Returns the statement with some operands replaced. */
function withOperands(statement: Statement, other: ReadonlyMap<ValueId, ValueId>): Statement {
  if (!operandsOf(statement).some((value) => other.has(value))) return statement;
  const of = (value: ValueId) => other.get(value) ?? value;
  switch (statement.kind) {
    case "elements": {
      const reads = statement.reads.map((read) => ({ ...read, value: of(read.value) }));
      const { take, concat } = statement;
      return {
        ...statement,
        reads,
        ...(take && { take: { ...take, table: of(take.table), order: of(take.order) } }),
        ...(concat && { concat: { ...concat, list: concat.list.map((one) => ({ ...one, value: of(one.value) })) } }),
      };
    }
    case "fold":
      return { ...statement, operand: of(statement.operand) };
    case "product":
      return { ...statement, a: of(statement.a), b: of(statement.b) };
    case "shader": {
      const inputs = statement.inputs.map(of);
      // One buffer may not be bound twice to a shader.
      return new Set(inputs).size === inputs.length ? { ...statement, inputs } : statement;
    }
  }
}

/**
 * Returns equal texts for statements that compute the same bits: the name identifies a shader's program, and the packed
 * uniforms are all of its parameters.
 */
function textOf(statement: ProductStatement | ShaderStatement, { size, dtype }: LoweredValue): string {
  const { shader, uniforms } = statement;
  const words = shader.pack(uniforms);
  const workgroups = statement.kind === "shader" ? statement.workgroups : 0;
  return [shader.name, operandsOf(statement), words, workgroups, size, dtype].join("|");
}

/**
 * Redirects readers of equal statements to the first of them. The others become dead code unless their results are
 * wanted. Numbers passed at each run, such as those of draws, occur only in loops over elements, so no draw is shared.
 * A value that several statements write changes between them, so neither it nor its readers are shared.
 */
export function eliminateCommonSubexpressions(
  statements: readonly Statement[],
  values: readonly LoweredValue[],
): Statement[] {
  const written = new Set<ValueId>();
  const inParts = new Set<ValueId>();
  for (const { result } of statements) (written.has(result) ? inParts : written).add(result);
  const firsts = new Map<string, ValueId>();
  const same = new Map<ValueId, ValueId>();
  return statements.map((statement) => {
    const { kind, result } = statement;
    const reading = withOperands(statement, same);
    if (kind === "elements" || kind === "fold") return reading;
    if ([result, ...operandsOf(reading)].some((value) => inParts.has(value))) return reading;
    const text = textOf(reading as ProductStatement | ShaderStatement, values[result]!);
    const first = firsts.get(text);
    if (first === undefined) firsts.set(text, result);
    else same.set(result, first);
    return reading;
  });
}
