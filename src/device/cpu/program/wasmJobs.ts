/** Compiles the jobs of a program that can run in WebAssembly, on the heap that contains the program's memory. */
import type { Program } from "../../program";
import type { Heap } from "../heap";
import { panelsModule } from "../matmul/panels";
import { listFunctions } from "../wasm/assembler/listing";
import { type WasmJob, writeWasm } from "../wasm/writeWasm";
import type { ProgramMemory } from "./programMemory";

export interface WasmJobs {
  /** One entry per job. */
  readonly jobs: readonly WasmJob[];
  /** The module's bytes, for display. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly exports: { readonly [name: string]: () => void };
}

/**
 * Compiles a program's jobs. Undefined if its memory is not in the heap, or if the engine or a page's policy rejects
 * the code.
 */
export function compileJobs(program: Program, memory: ProgramMemory, heap: Heap | null): WasmJobs | undefined {
  const places = memory.addresses();
  // The same SIMD check covers this code: an engine without the product module cannot run it either.
  const found = heap && places && panelsModule();
  if (!found) return undefined;
  const { bytes, jobs } = writeWasm(program, places, { fuses: found.fuses });
  if (jobs.every(({ kind }) => kind === "script")) return undefined;
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: heap.memory } });
    return { jobs, bytes, exports: exports as WasmJobs["exports"] };
  } catch {
    return undefined;
  }
}

/** Returns a function from a job's index to its text. The module is disassembled lazily, on the first call. */
export function listingsOf({ jobs, bytes }: Pick<WasmJobs, "jobs" | "bytes">): (index: number) => string {
  let functions: Map<string, string> | undefined;
  const textOf = (name: string) => (functions ??= listFunctions(bytes)).get(name)!;
  return (index) => {
    const job = jobs[index]!;
    if (job.kind === "script") throw new Error("internal: this job runs in JavaScript");
    if (job.kind === "whole") return textOf(job.name);
    const product = ";; The product: src/device/cpu/matmul/panels.wat.";
    return job.epilogue ? `${product}\n;; Then, on each element:\n${textOf(job.epilogue)}` : product;
  };
}
