import { bytesPerElement, type DType } from "../../base/dtype";
import { DeviceMemoryError } from "../../base/errors";
import type { Backend, DeviceDescription, Dispatch, Elements, Limits, ReferenceArray, Slot } from "../backend";
import { Counters } from "../counters";
import type { Executable, Program } from "../program";
import { canMakeFunctions, CpuExecutable, type RunShader } from "./cpuExecutable";
import { Line } from "../line";
import { multiplierName } from "./multiplyFloat32";
import { runForm } from "./runForm";

interface CpuSlot extends Slot {
  readonly array: ReferenceArray;
}

/** V8 refuses typed arrays beyond this, and pages run out well before. */
const maxTensorBytes = 2 ** 31;

/**
 * Runs loops by their form, and else each shader's reference. With `wide`, float32
 * tensors are held in float64 and references alone run: the twin that tests take
 * gradients and errors against.
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
    const bytes = size * bytesPerElement;
    if (bytes > maxTensorBytes) throw new DeviceMemoryError(at, bytes, maxTensorBytes);
    const array = this.allocate(size, dtype, at);
    this.counters.allocated(bytes);
    return { size, dtype, array };
  }

  allocTogether(list: readonly { size: number; dtype: DType }[], at: string): CpuSlot[] {
    return list.map(({ size, dtype }) => this.alloc(size, dtype, at));
  }

  copy(from: CpuSlot, to: CpuSlot): void {
    this.line.run(() => to.array.set(from.array));
  }

  free(slot: CpuSlot): void {
    this.counters.freed(slot.size * bytesPerElement);
  }

  write(slot: CpuSlot, elements: Elements | Promise<Elements>): void {
    if (elements instanceof Promise) this.line.wait(elements, (value) => slot.array.set(value));
    else this.line.run(() => slot.array.set(elements));
  }

  run({ shader, inputs, result, uniforms }: Dispatch): void {
    this.counters.dispatches++;
    const arrays = inputs.map((slot) => (slot as CpuSlot).array);
    this.line.run(() => this.runShader(shader, arrays, (result as CpuSlot).array, uniforms));
  }

  reaches(): boolean {
    return true;
  }

  compile(program: Program, states: readonly CpuSlot[]): Executable<CpuSlot> {
    const executable = new CpuExecutable(program, states, this.wide, this.runShader);
    const { levels } = program;
    return {
      run: (run) => {
        this.counters.dispatches += levels.length * run.steps;
        this.line.run(() => executable.run(run));
      },
      dispose: () => undefined,
    };
  }

  private readonly runShader: RunShader = (shader, inputs, result, uniforms) => {
    const form = this.wide ? undefined : shader.form?.(uniforms);
    const done = form && runForm(form, inputs as Elements[], result as Elements);
    if (!done) shader.reference(inputs, result, uniforms);
  };

  async read(slot: CpuSlot): Promise<Elements> {
    await this.sync();
    return slot.array instanceof Float64Array ? Float32Array.from(slot.array) : slot.array.slice();
  }

  /** The twin's elements in full precision. */
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

  private allocate(size: number, dtype: DType, at: string): ReferenceArray {
    try {
      if (dtype !== "float32") return new Int32Array(size);
      return this.wide ? new Float64Array(size) : new Float32Array(size);
    } catch {
      throw new DeviceMemoryError(at, size * bytesPerElement, 0);
    }
  }
}
