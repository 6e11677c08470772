/** What of a program runs in WebAssembly, compiled on the heap that it lies in. */
import type { Program } from "../program";
import type { Heap } from "./heap";
import { panelsModule } from "./panels";
import type { ProgramMemory } from "./programMemory";
import { listFunctions } from "./wasm/listing";
import { type WasmJob, writeWasm } from "./wasm/writeWasm";

export interface WasmJobs {
  /** By job. */
  readonly jobs: readonly WasmJob[];
  /** The module, to be shown. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly exports: { readonly [name: string]: () => void };
}

/** Undefined where the program does not lie in the heap, or the engine or a page's policy refuses its code. */
export function compileJobs(program: Program, memory: ProgramMemory, heap: Heap | null): WasmJobs | undefined {
  const places = memory.addresses();
  // Without SIMD there is no module for products either.
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

/** Gives the text that runs for a job, if it runs in WebAssembly. The first one takes the module apart. */
export function textsOf({ jobs, bytes }: Pick<WasmJobs, "jobs" | "bytes">): (index: number) => string {
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
