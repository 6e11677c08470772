import { bytesPerElement, type DType } from "../../base/dtype";
import { DeviceMemoryError } from "../../base/errors";
import type { Backend, DeviceDescription, Dispatch, Elements, Limits, ReferenceArray, Slot } from "../backend";
import { Counters } from "../counters";
import type { Executable, Program } from "../program";
import { SerialQueue } from "../serialQueue";
import { sharedHeap } from "./heap";
import { multiplierName } from "./matmul/multiplyFloat32";
import type { Precision } from "./cpuPrecision";
import { canMakeFunctions } from "./program/canMakeFunctions";
import type { ProgramRuntime } from "./program/compileForCpu";
import type { RunShader } from "./program/cpuExecutable";
import { runForm } from "./runForm";
import { arrayKind, ArraySlot, type CpuSlot, HeapSlot, markChanged } from "./slots";

function copyOfElements({ array }: CpuSlot): Elements {
  return array instanceof Float64Array ? Float32Array.from(array) : array.slice();
}

/** V8 refuses larger typed arrays, and memory runs out well before. */
const maxTensorBytes = 2 ** 31;

type CompilerModule = typeof import("./program/compileForCpu");

/** The compiler of programs, once it is loaded. Ops that run one by one do not need it. */
let compilerModule: CompilerModule | undefined;

async function loadCompiler(): Promise<CompilerModule> {
  return (compilerModule = await import("./program/compileForCpu"));
}

/**
 * Runs loops by their form, and other shaders by their reference. In float64, float32 tensors are stored in float64 and
 * only references run: that is the twin, the ground truth for gradients and errors in tests.
 */
export class CpuBackend implements Backend {
  readonly limits: Limits = { maxTensorBytes };
  readonly counters = new Counters();
  readonly runsForms: boolean;
  readonly compiles = canMakeFunctions() ? "quickly" : "never";
  private failure: unknown;
  private readonly queue = new SerialQueue((error) => (this.failure ??= error));

  constructor(
    readonly device = "CPU:0",
    private readonly precision: Precision = "float32",
  ) {
    this.runsForms = precision !== "float64";
  }

  allocate(size: number, dtype: DType, at: string): CpuSlot {
    const bytes = this.checkedBytes(size, at);
    const slot = new ArraySlot(size, dtype, arrayKind(dtype, this.precision), at);
    this.counters.countAllocation(bytes);
    return slot;
  }

  /** Allocates slots in the heap, where compiled programs read and write them in place. */
  allocateTogether(list: readonly { size: number; dtype: DType }[], at: string): CpuSlot[] {
    const { heap } = this;
    if (!heap) return list.map(({ size, dtype }) => this.allocate(size, dtype, at));
    const bytes = list.map(({ size }) => this.checkedBytes(size, at));
    const addresses: number[] = [];
    try {
      for (const count of bytes) addresses.push(heap.alloc(count, at));
    } catch (error) {
      for (const address of addresses) heap.free(address);
      throw error;
    }
    for (const count of bytes) this.counters.countAllocation(count);
    return list.map(({ size, dtype }, index) => new HeapSlot(size, dtype, addresses[index]!, heap));
  }

  copy(from: CpuSlot, to: CpuSlot): void {
    this.queue.run(() => to.copyFrom(from.array));
  }

  free({ size, address }: CpuSlot): void {
    this.counters.countFree(size * bytesPerElement);
    // Queued, so that earlier work still finds the memory.
    if (address !== undefined) this.queue.run(() => this.heap!.free(address));
  }

  write(slot: CpuSlot, elements: Elements | Promise<Elements>): void {
    if (elements instanceof Promise) this.queue.runAfter(elements, (value) => slot.copyFrom(value));
    else this.queue.run(() => slot.copyFrom(elements));
  }

  run({ shader, inputs, result, uniforms }: Dispatch): void {
    this.counters.dispatches++;
    this.queue.run(() => {
      const arrays = inputs.map((slot) => (slot as CpuSlot).array);
      this.runShader(shader, arrays, (result as CpuSlot).array, uniforms);
      markChanged(result as CpuSlot);
    });
  }

  canBind(): boolean {
    return true;
  }

  /** The first call in a realm loads the compiler, and later calls of the backend wait for it: see `compilerModule`. */
  compile(
    program: Program,
    variables: readonly CpuSlot[],
    at: string,
  ): Executable<CpuSlot> | Promise<Executable<CpuSlot>> {
    const compileBy = ({ compileForCpu }: CompilerModule) =>
      compileForCpu(program, variables, this.programRuntime(), at);
    // The queue waits too, so that variables that are freed meanwhile have their memory until the program is compiled.
    return compilerModule ? compileBy(compilerModule) : this.queue.runAfterForResult(loadCompiler(), compileBy);
  }

  private programRuntime(): ProgramRuntime {
    const { heap, precision, runShader, queue, counters } = this;
    return {
      heap,
      precision,
      runShader,
      queue,
      counters,
      allocateTogether: (list, at) => this.allocateTogether(list, at),
      free: (slot) => this.free(slot),
    };
  }

  private readonly runShader: RunShader = (shader, inputs, result, uniforms) => {
    const form = this.precision === "float64" ? undefined : shader.form?.(uniforms);
    const done = form && runForm(form, inputs as Elements[], result as Elements);
    if (!done) shader.reference(inputs, result, uniforms);
  };

  async read(slot: CpuSlot): Promise<Elements> {
    await this.sync();
    return copyOfElements(slot);
  }

  readNow(slot: CpuSlot): Elements | undefined {
    return this.queue.isIdle && this.failure === undefined ? copyOfElements(slot) : undefined;
  }

  /** Reads the twin's elements in full precision. */
  async readWide(slot: Slot): Promise<ReferenceArray> {
    await this.sync();
    return (slot as CpuSlot).array.slice();
  }

  async sync(): Promise<void> {
    await this.queue.drain();
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }

  describe(): DeviceDescription {
    const { bytesInUse, peakBytes, buffers, dispatches } = this.counters;
    return {
      device: this.device,
      vendor: "",
      architecture: "",
      description: this.precision === "float64" ? "JavaScript, float64" : `JavaScript, products by ${multiplierName()}`,
      software: true,
      limits: { ...this.limits },
      features: [],
      bytesInUse,
      peakBytes,
      buffers,
      dispatches,
    };
  }

  dispose(): void {
    this.failure = undefined;
  }

  /** Null for references, which run in JavaScript: WebAssembly neither reads float64 nor jitters. */
  private get heap() {
    return this.precision === "float32" ? sharedHeap() : null;
  }

  private checkedBytes(size: number, at: string): number {
    const bytes = size * bytesPerElement;
    if (bytes > maxTensorBytes) throw new DeviceMemoryError(at, bytes, maxTensorBytes);
    return bytes;
  }
}
