import type { Job, ProductJob, Program, ProgramPart, ProgramRun, ValueId } from "../../program";
import type { Elements, ReferenceArray, Shader } from "../../shader";
import type { Heap } from "../heap";
import type { RunProduct } from "../matmul/panels";
import type { Precision } from "../cpuPrecision";
import { copyElements, type CpuSlot, markChanged } from "../slots";
import { prepareProduct } from "./heapProduct";
import { writeProgram } from "./programCode";
import { type Arrays, ProgramMemory, type Views } from "./programMemory";
import { compileJobs, listingsOf, type WasmJobs } from "./wasmJobs";

/** Runs a shader on arrays. */
export type RunShader = (shader: Shader, inputs: Arrays, result: ReferenceArray, uniforms: unknown) => void;

/** Services of the CPU backend for the programs that it compiles. */
export interface CpuRuntime {
  readonly heap: Heap | null;
  /** As in the backend: float32 values are stored in float64, and there is no heap. */
  readonly precision: Precision;
  readonly runShader: RunShader;
}

type RunJob = (views: Views) => void;

/** Snapshot of a program's memory, bit by bit. `floats` is separate only where float32 values are stored in float64. */
export interface MemoryImage {
  readonly floats: ReferenceArray | undefined;
  readonly wholes: Int32Array;
  readonly words: Uint32Array;
  readonly variables: Arrays;
}

/** A compiled program and its memory. */
export class CpuExecutable {
  private readonly memory: ProgramMemory;
  private readonly flatJobs: readonly Job[];
  private readonly wasm: WasmJobs | undefined;
  private readonly jobs: readonly RunJob[];
  /** Products in WebAssembly, by job; undefined for jobs that run on arrays. */
  private readonly products: readonly (RunProduct | undefined)[];
  /** Stamps of the inputs copied last. An input is copied again only if its stamp has changed. */
  private readonly inputVersions: number[];

  /** Compiles the program. @throws DeviceMemoryError naming `at`. */
  constructor(
    readonly program: Program,
    private readonly variables: readonly CpuSlot[],
    private readonly runtime: CpuRuntime,
    at: string,
  ) {
    this.flatJobs = program.levels.flat();
    this.inputVersions = program.inputs.map(() => 0);
    this.memory = new ProgramMemory(program, variables, runtime.heap, runtime.precision, at);
    this.products = this.flatJobs.map((job) => (job.kind === "product" ? this.prepareProductOf(job) : undefined));
    this.wasm = compileJobs(program, this.memory, runtime.heap);
    this.jobs = this.compileAll();
  }

  run({ inputs, steps, numbers, outputs }: ProgramRun<CpuSlot>): void {
    const views = this.memory.currentViews();
    for (let index = 0; index < inputs.length; index++) {
      const input = inputs[index]!;
      if (this.inputVersions[index] === input.version) continue;
      copyElements(input.array, views.inputs[index]!);
      this.inputVersions[index] = input.version;
    }
    const { words } = views;
    for (let step = 0; step < steps; step++) {
      for (let i = 0, from = step * words.length; i < words.length; i++) words[i] = numbers[from + i]!;
      for (const job of this.jobs) job(views);
    }
    for (const variable of this.variables) markChanged(variable);
    for (let index = 0; index < outputs.length; index++) outputs[index]!.copyFrom(views.outputs[index]!);
  }

  /** Returns one part per job. */
  parts(): ProgramPart[] {
    const { wasm } = this;
    const textOf = wasm && listingsOf(wasm);
    return this.flatJobs.map((job, index) => {
      const levels = [[job]];
      if (!textOf || wasm.jobs[index]!.kind === "script")
        return { language: "javascript", text: String(this.jobs[index]), levels };
      // Disassembled lazily, because parts are retained for all plans, including freed ones.
      const text = () => textOf(index);
      return {
        language: "webassembly",
        levels,
        get text() {
          return text();
        },
      };
    });
  }

  /** Takes a snapshot of the program's memory. */
  copyMemory(): MemoryImage {
    const { floats, wholes, words, variables } = this.memory.currentViews();
    return {
      floats: this.runtime.precision === "float64" ? floats.slice() : undefined,
      wholes: wholes.slice(),
      words: words.slice(),
      variables: variables.map((variable) => variable.slice()),
    };
  }

  /** Creates the same program on other states of the same sizes, filled from a snapshot. */
  cloneWith(
    { floats, wholes, words, variables: variableArrays }: MemoryImage,
    variables: readonly CpuSlot[],
    at: string,
  ) {
    const copy = new CpuExecutable(this.program, variables, this.runtime, at);
    const to = copy.memory.currentViews();
    variables.forEach((variable, index) => variable.array.set(variableArrays[index]!));
    to.wholes.set(wholes);
    if (floats) to.floats.set(floats);
    to.words.set(words);
    return copy;
  }

  /** Numbers of the last step. */
  get numbers(): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(this.memory.currentViews().words);
  }

  /** Runs a single job. */
  runPart(part: number): void {
    this.jobs[part]!(this.memory.currentViews());
  }

  /** Returns a copy of a value's current elements. */
  copyOfValue(value: ValueId): Elements {
    const array = this.memory.viewOfValue(value);
    return array instanceof Float64Array ? Float32Array.from(array) : array.slice();
  }

  dispose(): void {
    this.memory.free();
  }

  /** Returns every job in WebAssembly where possible, otherwise in JavaScript. */
  private compileAll(): RunJob[] {
    const { wasm } = this;
    const jobs = this.flatJobs.map((_, index) => wasm && this.wasmJob(index, wasm));
    const missing = jobs.flatMap((job, index) => (job ? [] : [index]));
    const scripts = missing.length > 0 ? this.scripts(missing) : [];
    return jobs.map((job) => job ?? scripts.shift()!);
  }

  private wasmJob(index: number, { jobs, exports }: WasmJobs): RunJob | undefined {
    const job = jobs[index]!;
    if (job.kind === "whole") return exports[job.name]!;
    if (job.kind === "script") return undefined;
    const product: RunJob = this.products[index] ?? ((views) => this.runProductOrShader(index, views));
    if (!job.epilogue) return product;
    const epilogue = exports[job.epilogue]!;
    return (views) => {
      product(views);
      epilogue();
    };
  }

  /** Compiles jobs to JavaScript functions. */
  private scripts(indices: readonly number[]): RunJob[] {
    const { text, functions } = writeProgram(this.program, indices, this.runtime.precision);
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the loops of a program are known only when it is compiled
    const make = new Function("functions", "call", text) as (...given: unknown[]) => RunJob[];
    return make(functions, (index: number, views: Views) => this.runProductOrShader(index, views));
  }

  private prepareProductOf({ product }: ProductJob): RunProduct | undefined {
    const [a, b, result] = [product.a, product.b, product.result].map((value) => this.memory.addressOf(value));
    const isFloat = this.program.values[product.result]!.dtype === "float32";
    if (!isFloat || a === undefined || b === undefined || result === undefined) return undefined;
    return prepareProduct(this.runtime.heap!, product.loop, { a, b, result });
  }

  /** Runs a job's product or shader. */
  private runProductOrShader(index: number, { operands }: Views): void {
    const product = this.products[index];
    if (product) product();
    else this.runShader(this.flatJobs[index]!, operands[index]!);
  }

  private runShader(job: Job, operands: Arrays): void {
    if (job.kind !== "product" && job.kind !== "shader") throw new Error("internal: a loop is no shader");
    const { shader, uniforms } = job.kind === "product" ? job.product : job.statement;
    this.runtime.runShader(shader, operands.slice(0, -1), operands.at(-1)!, uniforms);
  }
}
