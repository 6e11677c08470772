import { bytesPerElement, type DType } from "../../base/dtype";
import { DeviceMemoryError } from "../../base/errors";
import type { Backend, DeviceDescription, Dispatch, Elements, Limits, ReferenceArray, Slot } from "../backend";
import { Counters } from "../counters";
import type { Executable, Program } from "../program";
import { canMakeFunctions, CpuExecutable, type ProgramImage, type RunShader } from "./cpuExecutable";
import { CpuTrial } from "./cpuTrial";
import { sharedHeap } from "./heap";
import { Line } from "../line";
import { multiplierName } from "./multiplyFloat32";
import { runForm } from "./runForm";
import { arrayKind, ArraySlot, type CpuSlot, HeapSlot, touch } from "./slots";

function elementsOf({ array }: CpuSlot): Elements {
  return array instanceof Float64Array ? Float32Array.from(array) : array.slice();
}

/** V8 refuses larger typed arrays, and memory runs out well before. */
const maxTensorBytes = 2 ** 31;

/**
 * Runs loops by their form, and other shaders by their reference. With `wide`, float32 tensors are stored in float64
 * and only references run. That is the float64 twin, the ground truth for gradients and errors in tests.
 */
export class CpuBackend implements Backend {
  readonly limits: Limits = { maxTensorBytes };
  readonly counters = new Counters();
  readonly takesForms: boolean;
  readonly compiles = canMakeFunctions() ? "quickly" : "never";
  private failure: unknown;
  private readonly line = new Line((error) => (this.failure ??= error));

  constructor(
    readonly device = "CPU:0",
    private readonly wide = false,
  ) {
    this.takesForms = !wide;
  }

  alloc(size: number, dtype: DType, at: string): CpuSlot {
    const bytes = this.checkedBytes(size, at);
    const slot = new ArraySlot(size, dtype, arrayKind(dtype, this.wide), at);
    this.counters.allocated(bytes);
    return slot;
  }

  /** Allocates slots in the heap, where compiled programs read and write them in place. */
  allocTogether(list: readonly { size: number; dtype: DType }[], at: string): CpuSlot[] {
    const { heap } = this;
    if (!heap) return list.map(({ size, dtype }) => this.alloc(size, dtype, at));
    const bytes = list.map(({ size }) => this.checkedBytes(size, at));
    const addresses: number[] = [];
    try {
      for (const count of bytes) addresses.push(heap.alloc(count, at));
    } catch (error) {
      for (const address of addresses) heap.free(address);
      throw error;
    }
    for (const count of bytes) this.counters.allocated(count);
    return list.map(({ size, dtype }, index) => new HeapSlot(size, dtype, addresses[index]!, heap));
  }

  copy(from: CpuSlot, to: CpuSlot): void {
    this.line.run(() => to.hold(from.array));
  }

  free({ size, address }: CpuSlot): void {
    this.counters.freed(size * bytesPerElement);
    // Queued, so that earlier work still finds the memory.
    if (address !== undefined) this.line.run(() => this.heap!.free(address));
  }

  write(slot: CpuSlot, elements: Elements | Promise<Elements>): void {
    if (elements instanceof Promise) this.line.wait(elements, (value) => slot.hold(value));
    else this.line.run(() => slot.hold(elements));
  }

  run({ shader, inputs, result, uniforms }: Dispatch): void {
    this.counters.dispatches++;
    this.line.run(() => {
      const arrays = inputs.map((slot) => (slot as CpuSlot).array);
      this.runShader(shader, arrays, (result as CpuSlot).array, uniforms);
      touch(result as CpuSlot);
    });
  }

  reaches(): boolean {
    return true;
  }

  compile(program: Program, states: readonly CpuSlot[], at: string): Executable<CpuSlot> {
    const { heap, wide, runShader } = this;
    const executable = new CpuExecutable(program, states, { heap, wide, runShader }, at);
    const { levels } = program;
    return {
      run: (run) => {
        this.counters.dispatches += levels.length * run.steps;
        this.line.run(() => executable.run(run));
      },
      parts: () => executable.parts(),
      trial: async () => {
        await this.line.settled();
        return this.trialOf(executable, executable.image());
      },
      keep: (mostBytes) => {
        const size = states.reduce((sum, state) => sum + state.size, program.memorySize);
        const bytes = size * bytesPerElement;
        if (bytes > mostBytes) return undefined;
        const image = this.line.after(() => executable.image());
        return { bytes, trial: async () => this.trialOf(executable, await image), dispose: () => undefined };
      },
      dispose: () => this.line.run(() => executable.dispose()),
    };
  }

  private trialOf(executable: CpuExecutable, image: ProgramImage): CpuTrial {
    const at = "a copy to try a program on";
    const copies = this.allocTogether(executable.program.states, at);
    const free = () => copies.forEach((slot) => this.free(slot));
    try {
      const copy = executable.from(image, copies, at);
      return new CpuTrial(copy, () => {
        copy.dispose();
        free();
      });
    } catch (error) {
      free();
      throw error;
    }
  }

  private readonly runShader: RunShader = (shader, inputs, result, uniforms) => {
    const form = this.wide ? undefined : shader.form?.(uniforms);
    const done = form && runForm(form, inputs as Elements[], result as Elements);
    if (!done) shader.reference(inputs, result, uniforms);
  };

  async read(slot: CpuSlot): Promise<Elements> {
    await this.sync();
    return elementsOf(slot);
  }

  readNow(slot: CpuSlot): Elements | undefined {
    return this.line.isIdle && this.failure === undefined ? elementsOf(slot) : undefined;
  }

  /** Reads the twin's elements in full precision. */
  async readWide(slot: Slot): Promise<ReferenceArray> {
    await this.sync();
    return (slot as CpuSlot).array.slice();
  }

  async sync(): Promise<void> {
    await this.line.settled();
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
      description: this.wide ? "JavaScript, float64" : `JavaScript, products by ${multiplierName()}`,
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

  /** Null for the twin, whose float64 values WebAssembly cannot read. */
  private get heap() {
    return this.wide ? null : sharedHeap();
  }

  private checkedBytes(size: number, at: string): number {
    const bytes = size * bytesPerElement;
    if (bytes > maxTensorBytes) throw new DeviceMemoryError(at, bytes, maxTensorBytes);
    return bytes;
  }
}
