/** Emits the jobs of a program as WGSL functions of a workgroup and an invocation in it. */
import type { FoldLoop, ProductLoop } from "../../form";
import { isRowByRow } from "../../loops/access";
import { rowContext, emitIndex, LoopCode, type EmitContext } from "../../loops/loopCode";
import type {
  ElementStatement,
  FoldStatement,
  Job,
  ConcatOperands,
  ProductJob,
  Program,
  RowsJob,
  ShaderJob,
  ValueId,
} from "../../program";
import { FunctionLibrary } from "./functionLibrary";
import type { Addressing } from "./addressing";
import type { ProductVariant } from "./products/variant";
import { floatLiteral, readNumbersOnce, type VariablePlace, storedType, Wgsl } from "./wgsl";

interface JobBody {
  readonly text: string;
  readonly workgroups: number;
}

export interface JobText extends JobBody {
  readonly name: string;
}

/** One operand of a concatenation, copied to its columns of the result. */
export interface PartJob {
  readonly kind: "part";
  readonly statement: ElementStatement & { readonly concat: ConcatOperands };
  /** Index of the operand. */
  readonly index: number;
}

/** A job that is not a complete shader. */
export type WrittenJob = Exclude<Job, ShaderJob> | PartJob;

export interface JobOptions {
  /** Invocations per workgroup. */
  readonly workgroupSize: number;
  /** Minimum number of workgroups that a large loop is divided into, enough to keep the device busy. */
  readonly leastWorkgroups: number;
  /**
   * Maximum number of elements that one invocation of a loop computes in sequence. It reads the numbers of the run
   * once for all of them.
   */
  readonly maxElementsPerInvocation: number;
  /** True if products may use subgroup operations. */
  readonly subgroups: boolean;
  /** Returns the variant that computes a product. */
  variantOf(loop: ProductLoop): ProductVariant;
  readonly variables: readonly VariablePlace[];
  /** Length in words of each buffer that contains variables. */
  readonly variableBuffers: readonly number[];
}

/** Longest row that a single invocation folds. A workgroup folds longer rows, which costs barriers. */
const shortRow = 256;

export class JobWriter {
  readonly library = new FunctionLibrary();
  readonly language: Wgsl;
  /** Types for which workgroups fold. */
  readonly folded = new Set<string>();
  /** Length in vectors of the workgroup memory for products. They run one after the other and share it. */
  sharedVectors = 0;
  private jobs = 0;

  constructor(
    readonly program: Program,
    private readonly options: JobOptions,
    addressing: Addressing,
  ) {
    this.language = new Wgsl(program, options.variables, this.library, addressing);
  }

  job(job: WrittenJob): JobText {
    const name = `job${this.jobs++}`;
    const code = new LoopCode(this.program, this.language, name);
    const written = this.body(job, name, code);
    return { name, workgroups: written.workgroups, text: [...code.helpers, written.text].join("") };
  }

  private body(job: WrittenJob, name: string, code: LoopCode): JobBody {
    switch (job.kind) {
      case "loop":
        return this.loop(job.size, name, code.bodyAt(job.body, { index: "i", locals: new Map() }));
      case "part":
        return this.part(job, name, code);
      case "rows":
        return this.rows(job, name, code);
      case "product":
        return this.product(job, name, code);
    }
  }

  private part({ statement, index }: PartJob, name: string, code: LoopCode): JobBody {
    const { result, concat } = statement;
    const { value, end } = concat.list[index]!;
    const begin = concat.list[index - 1]?.end ?? 0;
    const width = end - begin;
    const dtype = code.dtypeOf(result);
    const element = this.language.call(statement, [code.dtypeOf(value)], dtype, [code.loadAt(value, "i")]);
    const to = `i / ${width}u * ${concat.length}u + i % ${width}u + ${this.language.layoutNumber(begin)}`;
    const lines = [this.language.define("v", dtype, element), this.language.store(result, to, "v")];
    return this.loop((this.program.values[result]!.size / concat.length) * width, name, lines);
  }

  private loop(size: number, name: string, lines: readonly string[]): JobBody {
    const { workgroupSize, leastWorkgroups, maxElementsPerInvocation } = this.options;
    const times = Math.min(Math.max(1, Math.floor(size / (workgroupSize * leastWorkgroups))), maxElementsPerInvocation);
    const span = workgroupSize * times;
    // From the table, so that loops which differ only in size, such as updates of parameters, share their code.
    const [count, step] = [this.language.layoutNumber(size), this.language.layoutNumber(span)];
    const head = [
      `let end = min((group + 1u) * ${step}, ${count});`,
      `for (var i = group * ${step} + lane; i < end; i += ${workgroupSize}u) {`,
    ];
    const text = readNumbersOnce([...head, ...lines.map((line) => `  ${line}`), "}"]).join("\n  ");
    return { text: `fn ${name}(group: u32, lane: u32) {\n  ${text}\n}\n`, workgroups: Math.ceil(size / span) };
  }

  private product({ product, epilogue }: ProductJob, name: string, code: LoopCode): JobBody {
    const { a, b, result, loop } = product;
    const locals = new Map([[result, "sum"]]);
    const stores = this.program.values[result]!.stored ? [this.language.store(result, "i", "sum")] : [];
    const lines = [...stores, ...code.bodyAt(epilogue, { index: "i", locals })];
    const written = this.options.variantOf(loop).write({
      name,
      loop,
      workgroupSize: this.options.workgroupSize,
      loadA: (index) => this.language.load(a, index),
      loadB: (index) => this.language.load(b, index),
      finish: `  ${lines.join("\n  ")}`,
    });
    this.sharedVectors = Math.max(this.sharedVectors, written.sharedVectors ?? 0);
    return written;
  }

  private rows(job: RowsJob, name: string, code: LoopCode): JobBody {
    const { rows, length, body } = job;
    const { workgroupSize } = this.options;
    const byLane = length <= shortRow || (rows >= 4096 && length <= 1024);
    const row: EmitContext = { index: "r", locals: new Map() };
    const rowStores: string[] = [];
    const lines = body.flatMap((statement) => {
      if (statement.kind === "fold" || this.program.values[statement.result]!.size === rows) {
        const parts =
          statement.kind === "fold"
            ? this.fold(statement, row, job, byLane, code)
            : code.linesAndStoresAt([statement], row);
        rowStores.push(...parts.stores);
        return parts.lines;
      }
      const inner = code.bodyAt([statement], rowContext(row, length));
      return this.eachOf(length, byLane, [`let i = r * ${length}u + k;`, ...inner]);
    });
    const all = [...lines, ...onceARow(rowStores, byLane)].join("\n  ");
    const guarded = byLane
      ? `let r = group * ${workgroupSize}u + lane;\n  if (r < ${this.language.layoutNumber(rows)}) {\n  ${all}\n  }`
      : `let r = group;\n  ${all}`;
    const text = `fn ${name}(group: u32, lane: u32) {\n  ${readNumbersOnce([guarded]).join("\n  ")}\n}\n`;
    return { text, workgroups: byLane ? Math.ceil(rows / workgroupSize) : rows };
  }

  private fold(
    { result, operand, loop }: FoldStatement,
    row: EmitContext,
    { length }: RowsJob,
    byLane: boolean,
    code: LoopCode,
  ) {
    const dtype = code.dtypeOf(result);
    const type = storedType(dtype);
    const callee = this.library.use(`${loop.fold.wgsl}(`, type);
    const accumulator = code.newName("a");
    const start = type === "f32" ? floatLiteral(loop.start) : `i32(${loop.start})`;
    const inner = this.operandLines(operand, row, loop, length, code);
    const lines = [
      `var ${accumulator}: ${type} = ${start};`,
      ...this.eachOf(length, byLane, [...inner.lines, `${accumulator} = ${callee}${accumulator}, ${inner.value});`]),
    ];
    let value = accumulator;
    if (!byLane) {
      this.folded.add(type);
      value = code.newName("t");
      lines.push(...this.foldLanes(type, accumulator, value, callee));
    }
    const name = code.defineLocal(result, value, row, lines);
    const stores = this.program.values[result]!.stored ? [this.language.store(result, "r", name)] : [];
    return { lines, stores };
  }

  /** Emits a loop over a row's elements, by one invocation or distributed over the workgroup. */
  private eachOf(length: number, byLane: boolean, lines: readonly string[]): string[] {
    const [from, step] = byLane ? ["0u", "1u"] : ["lane", `${this.options.workgroupSize}u`];
    return [`for (var k = ${from}; k < ${length}u; k += ${step}) {`, ...lines.map((line) => `  ${line}`), "}"];
  }

  /** Emits the tree that combines the partial folds of a workgroup. All invocations get the result. */
  private foldLanes(type: string, accumulator: string, value: string, callee: string): string[] {
    const partial = `partial_${type}`;
    return [
      `${partial}[lane] = ${accumulator};`,
      `for (var width = ${this.options.workgroupSize / 2}u; width > 0u; width /= 2u) {`,
      "  workgroupBarrier();",
      "  if (lane < width) {",
      `    ${partial}[lane] = ${callee}${partial}[lane], ${partial}[lane + width]);`,
      "  }",
      "}",
      "workgroupBarrier();",
      `let ${value} = ${partial}[0];`,
      "workgroupBarrier();",
    ];
  }

  private operandLines(operand: ValueId, row: EmitContext, loop: FoldLoop, length: number, code: LoopCode) {
    if (isRowByRow(loop)) {
      const lines: string[] = [`let i = r * ${length}u + k;`];
      const value = code.valueAt(operand, rowContext(row, length), lines);
      return { lines, value };
    }
    const kept = emitIndex({ strides: loop.keptStrides, offset: 0 }, loop.keptShape, "r", this.language);
    const reduced = emitIndex({ strides: loop.reducedStrides, offset: 0 }, loop.reducedShape, "k", this.language);
    return { lines: [], value: code.loadAt(operand, `${kept} + ${reduced}`) };
  }
}

/** Emits stores of per-row values, by one invocation if the whole workgroup has them. */
function onceARow(stores: readonly string[], byLane: boolean): readonly string[] {
  return byLane || stores.length === 0 ? stores : ["if (lane == 0u) {", ...stores.map((store) => `  ${store}`), "}"];
}
