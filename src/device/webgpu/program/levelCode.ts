/** The jobs of one level as one WGSL program: each takes some of the workgroups. */
import type { FoldLoop, ProductLoop } from "../../form";
import { isRowByRow } from "../../loops/access";
import { elementsOf, indexOf, LoopCode, type Place } from "../../loops/loopCode";
import type { FoldStatement, Job, LoopJob, ProductJob, Program, RowsJob, ShaderJob, ValueId } from "../../program";
import { FunctionLibrary } from "./functionLibrary";
import type { ProductVariant } from "./products/variant";
import { floatLiteral, readNumbersOnce, type StatePlace, storedType, Wgsl } from "./wgsl";

export interface LevelText {
  readonly text: string;
  readonly workgroups: number;
}

interface JobText {
  readonly name: string;
  readonly text: string;
  readonly workgroups: number;
}

export interface LevelOptions {
  /** Invocations in a workgroup. */
  readonly workgroupSize: number;
  /** Workgroups that a loop leaves work for, where it has so much: as many as keep the device busy. */
  readonly leastWorkgroups: number;
  /** Whether products may use what the adapter's subgroups offer. */
  readonly subgroups: boolean;
  /** How each product is written. */
  variantOf(loop: ProductLoop): ProductVariant;
  readonly states: readonly StatePlace[];
  /** Words of each buffer that the states are in. */
  readonly stateBuffers: readonly number[];
}

/** Rows so short are folded by one invocation each; longer ones by a workgroup, which has to wait for itself. */
const shortRow = 256;

/** What one invocation of a loop computes at most, one after the other: what it reads once serves all of them. */
const maxElements = 16;

class LevelWriter {
  readonly library = new FunctionLibrary();
  readonly language: Wgsl;
  /** The types for which workgroups fold. */
  readonly folded = new Set<string>();
  /** Vectors of the workgroup's memory that products use: one at a time, so that they share them. */
  sharedVectors = 0;
  private jobs = 0;

  constructor(
    readonly program: Program,
    private readonly options: LevelOptions,
  ) {
    this.language = new Wgsl(program, options.states, this.library);
  }

  job(job: Exclude<Job, ShaderJob>): JobText {
    const name = `job${this.jobs++}`;
    const code = new LoopCode(this.program, this.language, name);
    const written =
      job.kind === "loop"
        ? this.loop(job, name, code)
        : job.kind === "rows"
          ? this.rows(job, name, code)
          : this.product(job, name, code);
    return { name, workgroups: written.workgroups, text: [...code.helpers, written.text].join("") };
  }

  private loop({ size, body }: LoopJob, name: string, code: LoopCode): LevelText {
    const { workgroupSize, leastWorkgroups } = this.options;
    const lines = code.bodyAt(body, { index: "i", locals: new Map() });
    const times = Math.min(Math.max(1, Math.floor(size / (workgroupSize * leastWorkgroups))), maxElements);
    const span = workgroupSize * times;
    const head =
      times === 1
        ? [`let i = group * ${span}u + lane;`, `if (i < ${size}u) {`]
        : [
            `let end = min(group * ${span}u + ${span}u, ${size}u);`,
            `for (var i = group * ${span}u + lane; i < end; i += ${workgroupSize}u) {`,
          ];
    const text = readNumbersOnce([...head, ...lines.map((line) => `  ${line}`), "}"]).join("\n  ");
    return { text: `fn ${name}(group: u32, lane: u32) {\n  ${text}\n}\n`, workgroups: Math.ceil(size / span) };
  }

  private product({ product, epilogue }: ProductJob, name: string, code: LoopCode): LevelText {
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

  private rows(job: RowsJob, name: string, code: LoopCode): LevelText {
    const { rows, length, body } = job;
    const { workgroupSize } = this.options;
    const byLane = length <= shortRow || (rows >= 4096 && length <= 1024);
    const row: Place = { index: "r", locals: new Map() };
    const rowStores: string[] = [];
    const lines = body.flatMap((statement) => {
      if (statement.kind === "fold" || this.program.values[statement.result]!.size === rows) {
        const parts =
          statement.kind === "fold" ? this.fold(statement, row, job, byLane, code) : code.partsAt([statement], row);
        rowStores.push(...parts.stores);
        return parts.lines;
      }
      const inner = code.bodyAt([statement], elementsOf(row, length));
      return this.eachOf(length, byLane, [`let i = r * ${length}u + k;`, ...inner]);
    });
    const all = [...lines, ...onceARow(rowStores, byLane)].join("\n  ");
    const guarded = byLane
      ? `let r = group * ${workgroupSize}u + lane;\n  if (r < ${rows}u) {\n  ${all}\n  }`
      : `let r = group;\n  ${all}`;
    const text = `fn ${name}(group: u32, lane: u32) {\n  ${readNumbersOnce([guarded]).join("\n  ")}\n}\n`;
    return { text, workgroups: byLane ? Math.ceil(rows / workgroupSize) : rows };
  }

  private fold(
    { result, operand, loop }: FoldStatement,
    row: Place,
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
    const name = code.keepLocal(result, value, row, lines);
    const stores = this.program.values[result]!.stored ? [this.language.store(result, "r", name)] : [];
    return { lines, stores };
  }

  /** A loop over a row's elements, by one invocation or shared by the workgroup. */
  private eachOf(length: number, byLane: boolean, lines: readonly string[]): string[] {
    const [from, step] = byLane ? ["0u", "1u"] : ["lane", `${this.options.workgroupSize}u`];
    return [`for (var k = ${from}; k < ${length}u; k += ${step}) {`, ...lines.map((line) => `  ${line}`), "}"];
  }

  /** The tree that joins what the invocations of a workgroup folded; all of them have its result. */
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

  private operandLines(operand: ValueId, row: Place, loop: FoldLoop, length: number, code: LoopCode) {
    if (isRowByRow(loop)) {
      const lines: string[] = [`let i = r * ${length}u + k;`];
      const value = code.valueAt(operand, elementsOf(row, length), lines);
      return { lines, value };
    }
    const kept = indexOf({ strides: loop.keptStrides, offset: 0 }, loop.keptShape, "r", this.language);
    const reduced = indexOf({ strides: loop.reducedStrides, offset: 0 }, loop.reducedShape, "k", this.language);
    return { lines: [], value: code.anywhere(operand, `${kept} + ${reduced}`) };
  }
}

/** Stores of a row's own values, by one of the invocations that have them. */
function onceARow(stores: readonly string[], byLane: boolean): readonly string[] {
  return byLane || stores.length === 0 ? stores : ["if (lane == 0u) {", ...stores.map((store) => `  ${store}`), "}"];
}

/** What a program begins with: its bindings and the functions of its jobs. */
function preamble(
  writer: LevelWriter,
  texts: readonly JobText[],
  { stateBuffers, subgroups, workgroupSize }: LevelOptions,
): string {
  const bindings = [
    ...(subgroups ? ["enable subgroups;", "diagnostic(off, subgroup_uniformity);"] : []),
    "// x: the first number of this step; y: steps of this submit, z: numbers of each, where one program runs all.",
    "@group(0) @binding(0) var<uniform> step: vec4u;",
    "@group(0) @binding(1) var<storage, read> numbers: array<u32>;",
    // Arrays of a length that is known cost less at every access.
    `@group(0) @binding(2) var<storage, read_write> memory: array<u32, ${Math.max(writer.program.memorySize, 1)}>;`,
    ...stateBuffers.map(
      (words, index) =>
        `@group(0) @binding(${index + 3}) var<storage, read_write> state${index}: array<u32, ${words}>;`,
    ),
    "var<private> first: u32;",
    ...(writer.sharedVectors > 0 ? [`var<workgroup> shared_vectors: array<vec4f, ${writer.sharedVectors}>;`] : []),
    ...[...writer.folded].map((type) => `var<workgroup> partial_${type}: array<${type}, ${workgroupSize}>;`),
  ];
  return `${bindings.join("\n")}\n\n${writer.library.text}${writer.language.text}${texts.map(({ text }) => text).join("")}`;
}

type JoinedJob = Exclude<Job, ShaderJob>;

/** The complete program of a level's jobs but for those that are shaders by themselves. */
export function writeLevel(jobs: readonly JoinedJob[], program: Program, options: LevelOptions): LevelText {
  const writer = new LevelWriter(program, options);
  const texts = jobs.map((job) => writer.job(job)).filter(({ workgroups }) => workgroups > 0);
  let end = 0;
  const branches = texts.map(({ name, workgroups }) => {
    const begin = end;
    end += workgroups;
    const group = begin === 0 ? "group" : `group - ${begin}u`;
    return `if (group < ${end}u) {\n    ${name}(${group}, lane);\n  }`;
  });
  const text = `${preamble(writer, texts, options)}
@compute @workgroup_size(${options.workgroupSize})
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  first = step.x;
  let group = id.x + id.y * groups.x;
  ${branches.join(" else ")}
}
`;
  return { text, workgroups: end };
}

/** All levels as one program of one workgroup, which runs one step after the other: for work that is too small to share. */
export function writeWhole(program: Program, options: LevelOptions): string {
  const writer = new LevelWriter(program, options);
  const levels = program.levels.map((jobs) => jobs.map((job) => writer.job(job as JoinedJob)));
  const calls = levels.flatMap((jobs) => [
    ...jobs.map(({ name, workgroups }) =>
      workgroups === 1 ? `${name}(0u, lane);` : `for (var g = 0u; g < ${workgroups}u; g++) { ${name}(g, lane); }`,
    ),
    "storageBarrier();",
  ]);
  return `${preamble(writer, levels.flat(), options)}
@compute @workgroup_size(${options.workgroupSize})
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var s = 0u; s < step.y; s++) {
    first = s * step.z;
    ${calls.join("\n    ")}
  }
}
`;
}
