/** Runs compiled programs without a backend: in WebAssembly, or in JavaScript in float32 or float64. */
import { vi } from "vitest";
import { CpuBackend } from "../device/cpu/cpuBackend";
import type { Precision } from "../device/cpu/cpuPrecision";
import { CpuExecutable } from "../device/cpu/program/cpuExecutable";
import { arrayKind, ArraySlot, type CpuSlot } from "../device/cpu/slots";
import type { WasmOptions } from "../device/cpu/wasm/lanes/programLanes";
import { writeWasm, type WasmJob } from "../device/cpu/wasm/writeWasm";
import type { Executable, Program, ValueId } from "../device/program";
import type { ReferenceArray, Shader } from "../device/shader";
import { compileFunction, type Tensor } from "../index";

/** Data of a program: arrays of variables and inputs, and the numbers of one step. */
export interface ProgramData {
  readonly variables: readonly ReferenceArray[];
  readonly inputs: readonly ReferenceArray[];
  readonly numbers: Uint32Array<ArrayBuffer>;
}

/** Outputs, followed by the variables after the run. */
export type ProgramResult = readonly ReferenceArray[];

/** A program, and the numbers of its last run. */
export interface CompiledPrograms {
  readonly program: Program;
  numbers: Uint32Array<ArrayBuffer>;
}

/**
 * Returns the programs that CPU:0 compiles while a body runs. Cached plans are not compiled again and do not appear.
 */
export async function programsOf(body: () => Promise<unknown>): Promise<CompiledPrograms[]> {
  const list: CompiledPrograms[] = [];
  const { compile } = CpuBackend.prototype;
  const spy = vi.spyOn(CpuBackend.prototype, "compile").mockImplementation(function (this: CpuBackend, ...of) {
    const compiled: CompiledPrograms = { program: of[0], numbers: new Uint32Array(of[0].numbers) };
    list.push(compiled);
    const observe = (executable: Executable<CpuSlot>) => {
      const run = executable.run.bind(executable);
      executable.run = (given) => {
        compiled.numbers = given.numbers.slice(0, compiled.program.numbers);
        run(given);
      };
      return executable;
    };
    const executable = compile.apply(this, of);
    return executable instanceof Promise ? executable.then(observe) : observe(executable);
  });
  try {
    await body();
  } finally {
    spy.mockRestore();
  }
  return list;
}

/** Returns the program of a function of tensors on CPU:0. */
export async function programOf(
  closure: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
): Promise<CompiledPrograms> {
  const [compiled, ...others] = await programsOf(() => compileFunction(closure)(...inputs));
  if (!compiled || others.length > 0) throw new Error("expected a test to compile one program");
  return compiled;
}

function emptyLike(program: Program, value: ValueId, precision: Precision): ReferenceArray {
  const { size, dtype } = program.values[value]!;
  if (dtype !== "float32") return new Int32Array(size);
  return precision === "float64" ? new Float64Array(size) : new Float32Array(size);
}

/** Runs a program in JavaScript. */
export function runScript(
  program: Program,
  { variables, inputs, numbers }: ProgramData,
  precision: Precision,
): ProgramResult {
  const copyOf = (array: ReferenceArray) => {
    if (array instanceof Int32Array) return array.slice();
    return precision === "float64" ? Float64Array.from(array) : Float32Array.from(array);
  };
  const slotOf = (array: ReferenceArray) => {
    const dtype = array instanceof Int32Array ? "int32" : "float32";
    const slot = new ArraySlot(array.length, dtype, arrayKind(dtype, precision), "a test");
    slot.copyFrom(array);
    return slot;
  };
  const runtime = {
    heap: null,
    precision,
    runShader: (shader: Shader, from: readonly ReferenceArray[], to: ReferenceArray, uniforms: unknown) =>
      shader.reference(from, to, uniforms),
  };
  const variableSlots = variables.map((array) => slotOf(copyOf(array)));
  const outputs = program.outputs.map((value) => slotOf(emptyLike(program, value, precision)));
  new CpuExecutable(program, variableSlots, runtime, "a test").run({
    inputs: inputs.map((array) => slotOf(copyOf(array))),
    steps: 1,
    numbers,
    outputs,
  });
  return [...outputs, ...variableSlots].map(({ array }) => array);
}

/** Guard bytes at the end of memory that the program must not write. */
const guardBytes = 4096;
const guard = 0x5a;

/** Runs a program in WebAssembly; all its jobs must be exports. Fails if the program writes beyond its memory. */
export function runWasm(
  program: Program,
  { variables, inputs, numbers }: ProgramData,
  options: WasmOptions,
): ProgramResult {
  let end = 64;
  const piece = (bytes: number) => {
    const address = end;
    end += Math.ceil(bytes / 64 + 1) * 64;
    return address;
  };
  const places = {
    numbers: piece(4 * program.numbers),
    memory: piece(4 * program.memorySize),
    variables: variables.map((array) => piece(4 * array.length)),
  };
  const memory = new WebAssembly.Memory({ initial: Math.ceil((end + guardBytes) / 65_536) });
  const bytes = new Uint8Array(memory.buffer).fill(guard);
  const { bytes: code, jobs } = writeWasm(program, places, options);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  const viewAt = (address: number, { size, dtype }: { size: number; dtype: string }) =>
    new (dtype === "float32" ? Float32Array : Int32Array)(memory.buffer, address, size);
  const viewOf = (value: ValueId) => {
    const { location } = program.values[value]!;
    if (location.kind === "inline") throw new Error("a value without memory");
    const address =
      location.kind === "variable" ? places.variables[location.index]! : places.memory + 4 * location.offset;
    return viewAt(address, program.values[value]!);
  };
  new Uint32Array(memory.buffer, places.numbers).set(numbers);
  variables.forEach((array, index) => viewAt(places.variables[index]!, program.variables[index]!).set(array));
  program.inputs.forEach((value, index) => viewOf(value).set(inputs[index]!));
  for (const job of jobs) runJob(job, exports);
  const lost = bytes.subarray(end).findIndex((byte) => byte !== guard);
  if (lost >= 0) throw new Error(`the program wrote ${lost} bytes beyond its memory`);
  return [
    ...program.outputs.map(viewOf),
    ...variables.map((_, k) => viewAt(places.variables[k]!, program.variables[k]!)),
  ].map((array) => array.slice());
}

function runJob(job: WasmJob, exports: WebAssembly.Exports): void {
  if (job.kind !== "whole") throw new Error(`unexpected kind of job in a test: ${job.kind}`);
  (exports[job.name] as () => void)();
}
