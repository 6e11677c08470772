/** Compiles a program's jobs to JavaScript functions: plain loops over typed arrays. */
import type { DType } from "../../../base/dtype";
import { sizeOf } from "../../../base/shape";
import type { FoldLoop } from "../../form";
import { isRowByRow } from "../../loops/access";
import { rowContext, emitIndex, type Emitter, LoopCode, type EmitContext } from "../../loops/loopCode";
import type {
  ElementStatement,
  FoldStatement,
  Job,
  LoopJob,
  ProductJob,
  Program,
  RowsJob,
  ValueId,
} from "../../program";
import { jitter, type Precision } from "../cpuPrecision";

type Reference = (...values: number[]) => number;

/** Largest number of multiply-adds for which a product is inlined instead of called. */
const smallProduct = 8192;

class JavaScript implements Emitter {
  readonly functions: Reference[] = [];

  constructor(
    private readonly program: Program,
    private readonly precision: Precision,
  ) {}

  whole(n: number): string {
    return String(n);
  }

  layoutNumber(n: number): string {
    return String(n);
  }

  divide(index: string, by: number): string {
    return `((${index}) / ${by} | 0)`;
  }

  asIndex(whole: string): string {
    return whole;
  }

  number(source: { fixed: number } | { input: number }, type: "scalar" | "word"): string {
    if ("fixed" in source) return Object.is(source.fixed, -0) ? "-0" : String(source.fixed);
    return `${type === "scalar" ? "numbers" : "words"}[${source.input}]`;
  }

  define(name: string, _: DType, expression: string): string {
    return `const ${name} = ${expression};`;
  }

  call({ element }: ElementStatement, _: readonly DType[], result: DType, args: readonly string[]): string {
    return this.rounded(`${this.functionName(element.reference)}(${args.join(", ")})`, result);
  }

  /** Rounds an expression as a typed array would, so that joined loops return the same results as separate ones. */
  rounded(expression: string, dtype: DType): string {
    if (dtype !== "float32") return `(${expression} | 0)`;
    if (this.precision === "jittered") return `${this.functionName(jitter)}(${expression})`;
    return this.precision === "float64" ? expression : `fround(${expression})`;
  }

  functionName(reference: Reference): string {
    let index = this.functions.indexOf(reference);
    if (index < 0) index = this.functions.push(reference) - 1;
    return `f${index}`;
  }

  load(value: ValueId, index: string): string {
    return `${this.arrayOf(value)}[${this.inlinedNumbers(value, index)}]`;
  }

  store(value: ValueId, index: string, expression: string): string {
    return `${this.load(value, index)} = ${expression};`;
  }

  helper(name: string, _: DType, lines: readonly string[], value: string): string {
    return `function ${name}(i) {\n${lines.join("\n")}\nreturn ${value};\n}`;
  }

  private arrayOf(value: ValueId): string {
    const { location, dtype } = this.program.values[value]!;
    if (location.kind === "variable") return `S${location.index}`;
    return dtype === "float32" ? "F" : "I";
  }

  private inlinedNumbers(value: ValueId, index: string): string {
    const { location } = this.program.values[value]!;
    if (location.kind !== "memory" || location.offset === 0) return index;
    return `${location.offset} + ${index}`;
  }
}

/** Returns nested loops over axes around a body, which receives the operand's index. */
function nested(
  shape: readonly number[],
  strides: readonly number[],
  start: string,
  prefix: string,
  body: (at: string) => string,
): string {
  let at = start;
  const heads = shape.map((length, axis) => {
    const name = `${prefix}${axis}`;
    at = `${at} + ${name} * ${strides[axis]}`;
    return `for (let ${name} = 0; ${name} < ${length}; ${name}++)`;
  });
  return `${heads.join(" ")} {\n${body(at)}\n}`;
}

class JobWriter {
  readonly code: LoopCode;

  constructor(
    program: Program,
    private readonly language: JavaScript,
    /** The job's index in the program. */
    private readonly index: number,
  ) {
    this.code = new LoopCode(program, language);
  }

  job(job: Job): string {
    if (job.kind === "loop") return this.loop(job);
    if (job.kind === "rows") return this.rows(job);
    if (job.kind === "product") return this.product(job);
    return this.call(`The plain loops of the shader ${job.statement.shader.name}.`);
  }

  /** Calls a job that is not generated as a loop. @param what explains the call to readers of the generated code */
  private call(what: string): string {
    return `// ${what}\ncall(${this.index}, views);`;
  }

  private loop({ size, body }: Pick<LoopJob, "size" | "body">): string {
    const lines = this.code.bodyAt(body, { index: "i", locals: new Map() });
    return `for (let i = 0; i < ${size}; i++) {\n${lines.join("\n")}\n}`;
  }

  private product(job: ProductJob): string {
    const { result, loop } = job.product;
    const { rows, depth, columns, batchShape } = loop;
    const batch = sizeOf(batchShape);
    if (batch * rows * columns * depth <= smallProduct) return this.smallProduct(job);
    const times = batch === 1 ? "" : `${batch} times `;
    const call = this.call(
      `${times}[${rows}, ${depth}] by [${depth}, ${columns}]: the kernel of src/device/cpu/matmul.`,
    );
    if (job.epilogue.length === 0) return call;
    const { size } = this.code.program.values[result]!;
    return `${call}\n${this.loop({ size, body: job.epilogue })}`;
  }

  /** Computes the product element by element, followed by the epilogue: for such short sums a call would cost more. */
  private smallProduct({ product: { a, b, result, loop }, epilogue }: ProductJob): string {
    const { rows, columns, depth, aStrides, bStrides, batchShape, aBatch, bBatch } = loop;
    const offset = (strides: readonly number[]) => emitIndex({ strides, offset: 0 }, batchShape, "n", this.language);
    const lines = [`const p = ${this.language.rounded("s", "float32")};`];
    if (this.code.program.values[result]!.stored) lines.push(this.language.store(result, "i", "p"));
    lines.push(...this.code.bodyAt(epilogue, { index: "i", locals: new Map([[result, "p"]]) }));
    return `for (let n = 0, i = 0; n < ${sizeOf(batchShape)}; n++)
for (let r = 0; r < ${rows}; r++)
for (let c = 0; c < ${columns}; c++, i++) {
let s = 0;
for (let k = 0, x = ${offset(aBatch)} + r * ${aStrides[0]}, y = ${offset(bBatch)} + c * ${bStrides[1]}; k < ${depth}; k++, x += ${aStrides[1]}, y += ${bStrides[0]}) s += ${this.language.load(a, "x")} * ${this.language.load(b, "y")};
${lines.join("\n")}
}`;
  }

  private rows({ rows, length, body }: RowsJob): string {
    const row: EmitContext = { index: "r", locals: new Map() };
    const rowStores: string[] = [];
    const lines = body.flatMap((statement) => {
      const isOfRow = this.code.program.values[statement.result]!.size === rows;
      if (statement.kind === "fold" || isOfRow) {
        const parts =
          statement.kind === "fold" ? this.fold(statement, row, length) : this.code.linesAndStoresAt([statement], row);
        rowStores.push(...parts.stores);
        return parts.lines;
      }
      const inner = this.code.bodyAt([statement], rowContext(row, length));
      return [`for (let k = 0, i = r * ${length}; k < ${length}; k++, i++) {\n${inner.join("\n")}\n}`];
    });
    return `for (let r = 0; r < ${rows}; r++) {\n${[...lines, ...rowStores].join("\n")}\n}`;
  }

  /** Folds in double precision and rounds the result once. */
  private fold({ result, operand, loop }: FoldStatement, row: EmitContext, length: number) {
    const dtype = this.code.dtypeOf(result);
    const accumulator = this.code.newName("a");
    const callee = this.language.functionName(dtype === "float32" ? loop.fold.reference : loop.fold.integerReference);
    const step = (operandLines: string[], value: string) => {
      const folded = `${callee}(${accumulator}, ${value})`;
      return [...operandLines, `${accumulator} = ${dtype === "float32" ? folded : `${folded} | 0`};`].join("\n");
    };
    const lines = [
      `let ${accumulator} = ${Object.is(loop.start, -0) ? "-0" : loop.start};`,
      isRowByRow(loop) ? this.foldRow(operand, row, length, step) : this.foldStrided(operand, loop, step),
    ];
    const name = this.code.defineLocal(result, this.language.rounded(accumulator, dtype), row, lines);
    const stores = this.code.program.values[result]!.stored ? [this.language.store(result, "r", name)] : [];
    return { lines, stores };
  }

  private foldRow(
    operand: ValueId,
    row: EmitContext,
    length: number,
    step: (lines: string[], value: string) => string,
  ): string {
    const lines: string[] = [];
    const value = this.code.valueAt(operand, rowContext(row, length), lines);
    return `for (let k = 0, i = r * ${length}; k < ${length}; k++, i++) {\n${step(lines, value)}\n}`;
  }

  private foldStrided(operand: ValueId, loop: FoldLoop, step: (lines: string[], value: string) => string): string {
    const kept = emitIndex({ strides: loop.keptStrides, offset: 0 }, loop.keptShape, "r", this.language);
    const start = this.code.newName("b");
    const body = nested(loop.reducedShape, loop.reducedStrides, start, "k", (at) =>
      step([], this.code.loadAt(operand, at)),
    );
    return `const ${start} = ${kept};\n${body}`;
  }
}

/**
 * Emits the text of a function of `functions` and `call` that returns one function of `Views` per job, in order.
 * Jobs are separate functions because engines optimize small functions better. `call(index, views)` runs a job's
 * product or shader.
 * @param indices indices of the jobs in `program.levels.flat()`
 */
export function writeProgram(
  program: Program,
  indices: readonly number[],
  precision: Precision,
): { text: string; functions: readonly Reference[] } {
  const language = new JavaScript(program, precision);
  const all = program.levels.flat();
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, k) => `${prefix}${k}`).join(", ");
  const arrays = [
    "const { floats: F, wholes: I, numbers, words } = views;",
    `const [${names("S", program.variables.length)}] = views.variables;`,
  ];
  const jobs = indices.map((index) => {
    const writer = new JobWriter(program, language, index);
    const body = writer.job(all[index]!);
    return `(views) => {\n${[...arrays, ...writer.code.helpers, body].join("\n")}\n}`;
  });
  const text = [
    `"use strict";`,
    "const { fround } = Math;",
    `const [${names("f", language.functions.length)}] = functions;`,
    `return [${jobs.join(",\n")}];`,
  ].join("\n");
  return { text, functions: language.functions };
}
