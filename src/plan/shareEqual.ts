/**
 * What is computed twice from the same values is computed once, such as the patches of images, which a convolution and the
 * gradient of its kernel both need. It is looked for among products and shaders, which are jobs of their own anyway: loops
 * over elements are joined with what reads them, and one that is shared would have to be written to memory for that.
 */
import type { ProductStatement, ShaderStatement, Statement, ValueId } from "../device/program";
import { operandsOf } from "./inline";
import type { LoweredValue } from "./lower";

/** The same statement, with other values for some that it reads. */
function withOperands(statement: Statement, other: ReadonlyMap<ValueId, ValueId>): Statement {
  if (!operandsOf(statement).some((value) => other.has(value))) return statement;
  const of = (value: ValueId) => other.get(value) ?? value;
  switch (statement.kind) {
    case "elements": {
      const reads = statement.reads.map((read) => ({ ...read, value: of(read.value) }));
      const { take, parts } = statement;
      return {
        ...statement,
        reads,
        ...(take && { take: { ...take, table: of(take.table), order: of(take.order) } }),
        ...(parts && { parts: { ...parts, list: parts.list.map((one) => ({ ...one, value: of(one.value) })) } }),
      };
    }
    case "fold":
      return { ...statement, operand: of(statement.operand) };
    case "product":
      return { ...statement, a: of(statement.a), b: of(statement.b) };
    case "shader": {
      const inputs = statement.inputs.map(of);
      // A shader may not be given the same memory twice.
      return new Set(inputs).size === inputs.length ? { ...statement, inputs } : statement;
    }
  }
}

/** Equal for statements that give the same bits: a shader's name says all of its program, packed uniforms all that it is told. */
function textOf(statement: ProductStatement | ShaderStatement, { size, dtype }: LoweredValue): string {
  const { shader, uniforms } = statement;
  const words = shader.pack(uniforms);
  const workgroups = statement.kind === "shader" ? statement.workgroups : 0;
  return [shader.name, operandsOf(statement), words, workgroups, size, dtype].join("|");
}

/**
 * The same statements, reading the first of equal ones; nothing reads the others then, unless they are wanted themselves.
 * Numbers that a run brings, such as those of draws, reach loops over elements alone, so that no draw is shared. A value that
 * is written in several goes is not the same everywhere between them: neither it nor what reads it is shared.
 */
export function shareEqual(statements: readonly Statement[], values: readonly LoweredValue[]): Statement[] {
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
