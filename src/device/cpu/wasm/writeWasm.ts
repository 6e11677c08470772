/** Compiles a program to one WebAssembly module with a function per job that processes four float32 at a time. */
import type { Job, Program } from "../../program";
import { UnsupportedWgsl } from "../../wgsl/wgslReader";
import { writeModule, type WasmFunction } from "./assembler/binary";
import { writeCode } from "./assembler/writeCode";
import { writeLoop } from "./jobs/loopJob";
import { writePool } from "./jobs/poolJob";
import { isSmallProduct, writeProduct } from "./jobs/productJob";
import { writeRows } from "./jobs/rowsJob";
import { writeWindow } from "./jobs/windowJob";
import { ProgramLanes, type WasmOptions, type WasmAddresses } from "./lanes/programLanes";

/**
 * How each job of `program.levels.flat()` runs. `whole`: by an export. `product`: by the hand-written matrix product,
 * then by the export `epilogue` if there is one. `script`: in JavaScript.
 */
export type WasmJob =
  | { readonly kind: "whole"; readonly name: string }
  | { readonly kind: "product"; readonly epilogue?: string }
  | { readonly kind: "script" };

export interface WasmProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly jobs: readonly WasmJob[];
}

class ProgramWriter {
  readonly functions: WasmFunction[] = [];

  constructor(
    private readonly program: Program,
    private readonly places: WasmAddresses,
    private readonly options: WasmOptions,
  ) {}

  job(job: Job): WasmJob {
    try {
      return this.written(job);
    } catch (error) {
      if (error instanceof UnsupportedWgsl) return { kind: "script" };
      throw error;
    }
  }

  private written(job: Job): WasmJob {
    if (job.kind === "shader") {
      const { shader, uniforms, inputs, result } = job.statement;
      const form = shader.form?.(uniforms);
      if (form?.kind === "window") return this.whole((code) => writeWindow(code, form, inputs[0]!, result));
      if (form?.kind === "pool") return this.whole((code) => writePool(code, form, inputs, result));
      return { kind: "script" };
    }
    if (job.kind === "loop") return this.whole((code) => writeLoop(code, job));
    if (job.kind === "rows") return this.whole((code) => writeRows(code, job));
    if (isSmallProduct(job.product.loop)) return this.whole((code) => writeProduct(code, job, this.options));
    if (job.epilogue.length === 0) return { kind: "product" };
    const { size } = this.program.values[job.product.result]!;
    return { kind: "product", epilogue: this.function((code) => writeLoop(code, { size, body: job.epilogue })) };
  }

  private whole(write: (code: ProgramLanes) => void): WasmJob {
    return { kind: "whole", name: this.function(write) };
  }

  private function(write: (code: ProgramLanes) => void): string {
    const code = new ProgramLanes(this.program, this.places, this.options);
    write(code);
    const name = `job${this.functions.length}`;
    this.functions.push(writeCode(name, code.builder));
    return name;
  }
}

/**
 * Compiles a program. Values are read and written in place in the memory that the module imports as `env.memory`;
 * inputs are at their offsets in the program's memory. Reads may extend up to 64 bytes past a value, writes never do.
 */
export function writeWasm(program: Program, places: WasmAddresses, options: WasmOptions): WasmProgram {
  const writer = new ProgramWriter(program, places, options);
  const jobs = program.levels.flat().map((job) => writer.job(job));
  return { bytes: writeModule(writer.functions), jobs };
}
