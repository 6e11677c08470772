/** The jobs of one level as one WGSL program: each takes some of the workgroups. */
import type { FoldLoop } from "../../form";
import { isRowByRow } from "../../loops/access";
import { indexOf, LoopCode, type Place } from "../../loops/loopCode";
import type { FoldStatement, Job, LoopJob, ProductJob, Program, RowsJob, ShaderJob, ValueId } from "../../program";
import { FunctionLibrary } from "./functionLibrary";
import { blockFor, writeProduct } from "./productCode";
import { floatLiteral, type StatePlace, storedType, Wgsl } from "./wgsl";

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
  readonly states: readonly StatePlace[];
  /** How many buffers the states are in. */
  readonly stateBuffers: number;
  /** True for an adapter that computes on the CPU. */
  readonly software: boolean;
}

/** Rows so short are folded by one invocation each; longer ones by a workgroup. */
const shortRow = 64;

class LevelWriter {
  readonly library = new FunctionLibrary();
  readonly language: Wgsl;
  /** The types for which workgroups fold. */
  readonly folded = new Set<string>();
  private jobs = 0;

  constructor(
    private readonly program: Program,
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
    const lines = code.bodyAt(body, { index: "i", locals: new Map() });
    const text = `fn ${name}(group: u32, lane: u32) {
  let i = group * 64u + lane;
  if (i >= ${size}u) {
    return;
  }
  ${lines.join("\n  ")}
}
`;
    return { text, workgroups: Math.ceil(size / 64) };
  }

  private product({ product, epilogue }: ProductJob, name: string, code: LoopCode): LevelText {
    const { a, b, result, loop } = product;
    const locals = new Map([[result, "sum"]]);
    const stores = this.program.values[result]!.stored ? [this.language.store(result, "i", "sum")] : [];
    const lines = [...stores, ...code.bodyAt(epilogue, { index: "i", locals })];
    return writeProduct({
      name,
      loop,
      block: blockFor(loop, this.options.software),
      loadA: (index) => this.language.load(a, index),
      loadB: (index) => this.language.load(b, index),
      finish: `  ${lines.join("\n  ")}`,
    });
  }

  private rows(job: RowsJob, name: string, code: LoopCode): LevelText {
    const { rows, length, body } = job;
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
      const inner = code.bodyAt([statement], { index: "i", locals: new Map(), row, length });
      return eachOf(length, byLane, [`let i = r * ${length}u + k;`, ...inner]);
    });
    const head = byLane
      ? `  let r = group * 64u + lane;\n  if (r >= ${rows}u) {\n    return;\n  }`
      : "  let r = group;";
    const text = `fn ${name}(group: u32, lane: u32) {\n${head}\n  ${[...lines, ...onceARow(rowStores, byLane)].join("\n  ")}\n}\n`;
    return { text, workgroups: byLane ? Math.ceil(rows / 64) : rows };
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
      ...eachOf(length, byLane, [...inner.lines, `${accumulator} = ${callee}${accumulator}, ${inner.value});`]),
    ];
    let value = accumulator;
    if (!byLane) {
      this.folded.add(type);
      value = code.newName("t");
      lines.push(...foldLanes(type, accumulator, value, callee));
    }
    const name = code.keepLocal(result, value, row, lines);
    const stores = this.program.values[result]!.stored ? [this.language.store(result, "r", name)] : [];
    return { lines, stores };
  }

  private operandLines(operand: ValueId, row: Place, loop: FoldLoop, length: number, code: LoopCode) {
    if (isRowByRow(loop)) {
      const lines: string[] = [`let i = r * ${length}u + k;`];
      const value = code.valueAt(operand, { index: "i", locals: new Map(), row, length }, lines);
      return { lines, value };
    }
    const kept = indexOf({ strides: loop.keptStrides, offset: 0 }, loop.keptShape, "r", this.language);
    const reduced = indexOf({ strides: loop.reducedStrides, offset: 0 }, loop.reducedShape, "k", this.language);
    return { lines: [], value: code.anywhere(operand, `${kept} + ${reduced}`) };
  }
}

/** A loop over a row's elements, by one invocation or shared by the workgroup. */
function eachOf(length: number, byLane: boolean, lines: readonly string[]): string[] {
  const [from, step] = byLane ? ["0u", "1u"] : ["lane", "64u"];
  return [`for (var k = ${from}; k < ${length}u; k += ${step}) {`, ...lines.map((line) => `  ${line}`), "}"];
}

/** Stores of a row's own values, by one of the invocations that have them. */
function onceARow(stores: readonly string[], byLane: boolean): readonly string[] {
  return byLane || stores.length === 0 ? stores : ["if (lane == 0u) {", ...stores.map((store) => `  ${store}`), "}"];
}

/** The tree that joins what the 64 invocations of a workgroup folded; all of them have its result. */
function foldLanes(type: string, accumulator: string, value: string, callee: string): string[] {
  const partial = `partial_${type}`;
  return [
    `${partial}[lane] = ${accumulator};`,
    "for (var width = 32u; width > 0u; width /= 2u) {",
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

/** The complete program of a level's jobs but for those that are shaders by themselves. */
export function writeLevel(
  jobs: readonly Exclude<Job, ShaderJob>[],
  program: Program,
  options: LevelOptions,
): LevelText {
  const writer = new LevelWriter(program, options);
  const texts = jobs.map((job) => writer.job(job)).filter(({ workgroups }) => workgroups > 0);
  let first = 0;
  const branches = texts.map(({ name, workgroups }) => {
    const begin = first;
    first += workgroups;
    const group = begin === 0 ? "group" : `group - ${begin}u`;
    return `if (group < ${first}u) {\n    ${name}(${group}, lane);\n  }`;
  });
  const bindings = [
    "@group(0) @binding(0) var<uniform> step: vec4u;",
    "@group(0) @binding(1) var<storage, read> numbers: array<u32>;",
    "@group(0) @binding(2) var<storage, read_write> memory: array<u32>;",
    ...Array.from(
      { length: options.stateBuffers },
      (_, index) => `@group(0) @binding(${index + 3}) var<storage, read_write> state${index}: array<u32>;`,
    ),
    ...[...writer.folded].map((type) => `var<workgroup> partial_${type}: array<${type}, 64>;`),
  ];
  const text = `${bindings.join("\n")}

${writer.library.text}${writer.language.text}${texts.map((job) => job.text).join("")}
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = id.x + id.y * groups.x;
  ${branches.join(" else ")}
}
`;
  return { text, workgroups: first };
}
