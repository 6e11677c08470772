import { bytesPerElement, type DType } from "../../base/dtype";
import { DeviceError, DeviceMemoryError } from "../../base/errors";
import type { Backend, DeviceDescription, Dispatch, Elements, Limits, Slot, Urgency } from "../backend";
import { Counters } from "../counters";
import type { Executable, Program } from "../program";
import { Line } from "../line";
import { Batch, type ChangingPiece } from "./batch";
import { BufferPool } from "./buffers";
import { type Pipeline, PipelineCache } from "./pipelines";
import { canBind, compileProgram } from "./program/compileProgram";
import { GpuExecutable } from "./program/gpuExecutable";
import { GpuTrial } from "./program/gpuTrial";
import { ProductTrial } from "./program/products/productTrial";
import { ProductTuner } from "./program/products/productTuner";
import { Staging } from "./staging";

interface GpuSlot extends Slot, ChangingPiece {
  /** Slots that share the buffer and are not freed yet. */
  readonly slab: { live: number };
}

/** Every device allows bindings to begin at multiples of it. */
const slotAlignment = 256;

const limitNames = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupsPerDimension",
] as const;

const tuners = new WeakMap<GPUDevice, ProductTuner>();

/** What was found out of an adapter is known to all backends that share it. */
function tunerOf(gpu: GPUDevice): ProductTuner {
  const tuner = tuners.get(gpu) ?? new ProductTuner((loop) => new ProductTrial(gpu, loop));
  tuners.set(gpu, tuner);
  return tuner;
}

function nothing(): void {}

/** Tensors on one GPUDevice. Several backends may share a device, each with a pool of its own. */
export class WebGpuBackend implements Backend {
  readonly limits: Limits;
  readonly counters = new Counters();
  readonly compiles = "slowly";
  /** For trials of programs. */
  readonly pool: BufferPool;
  private readonly pipelines: PipelineCache;
  private readonly batch: Batch;
  private readonly line: Line;
  readonly staging: Staging;
  private failure: unknown;
  private lost: DeviceError | undefined;

  constructor(
    readonly device: string,
    readonly gpu: GPUDevice,
    private readonly info: GPUAdapterInfo,
  ) {
    const named = Object.fromEntries(limitNames.map((name) => [name, gpu.limits[name]]));
    const maxTensorBytes = Math.min(gpu.limits.maxBufferSize, gpu.limits.maxStorageBufferBindingSize);
    this.limits = { ...named, maxTensorBytes };
    this.line = new Line((error) => this.fail(error));
    this.pool = new BufferPool(
      gpu,
      (error) => this.fail(error),
      (buffer) => this.batch.uses(buffer) && this.batch.submit(),
    );
    this.pipelines = new PipelineCache(gpu);
    this.batch = new Batch(gpu);
    this.staging = new Staging(gpu, !info.isFallbackAdapter);
    gpu.addEventListener("uncapturederror", (event) => this.fail(new Error(`internal: ${event.error.message}`)));
    void gpu.lost.then(({ reason, message }) => this.onLost(reason, message));
  }

  alloc(size: number, dtype: DType, at: string): GpuSlot {
    this.throwIfLost();
    const bytes = size * bytesPerElement;
    if (bytes > this.limits.maxTensorBytes) throw new DeviceMemoryError(at, bytes, this.limits.maxTensorBytes);
    const buffer = this.pool.take(bytes, at);
    this.counters.allocated(bytes);
    return { size, dtype, buffer, offset: 0, bytes, stamp: 0, slab: { live: 1 } };
  }

  allocTogether(list: readonly { size: number; dtype: DType }[], at: string): GpuSlot[] {
    this.throwIfLost();
    let end = 0;
    const pieces = list.map(({ size, dtype }) => {
      const piece = { size, dtype, offset: end, bytes: size * bytesPerElement };
      end += Math.ceil(piece.bytes / slotAlignment) * slotAlignment;
      return piece;
    });
    if (end > this.limits.maxTensorBytes) throw new DeviceMemoryError(at, end, this.limits.maxTensorBytes);
    const buffer = this.pool.take(end, at);
    const slab = { live: pieces.length };
    return pieces.map((piece) => {
      this.counters.allocated(piece.bytes);
      return { ...piece, buffer, stamp: 0, slab };
    });
  }

  free({ bytes, buffer, slab }: GpuSlot): void {
    this.counters.freed(bytes);
    // On the line, so that the buffer is not reused by a call that overtakes queued work.
    if (--slab.live === 0) this.line.run(() => this.pool.give(buffer));
  }

  copy(from: GpuSlot, to: GpuSlot): void {
    if (from.buffer !== to.buffer) {
      this.line.run(() => {
        this.batch.copy(from, to);
        to.stamp++;
      });
      return;
    }
    // WebGPU copies from one buffer to another only.
    const between = this.alloc(from.size, from.dtype, "copy");
    this.copy(from, between);
    this.copy(between, to);
    this.free(between);
  }

  write(slot: GpuSlot, elements: Elements | Promise<Elements>): void {
    if (elements instanceof Promise) this.line.wait(elements, (value) => this.writeNow(slot, value));
    else this.line.run(() => this.writeNow(slot, elements));
  }

  run({ shader, inputs, result, uniforms, workgroups }: Dispatch): void {
    this.throwIfLost();
    this.counters.dispatches++;
    const pieces = [...inputs, result] as GpuSlot[];
    const pipeline = this.pipelines.get(
      shader,
      inputs.map((slot) => slot.dtype),
      result.dtype,
    );
    const packed = shader.pack(uniforms);
    const dispatch = (ready: Pipeline) => {
      this.batch.dispatch(ready, pieces, packed, workgroups);
      pieces.at(-1)!.stamp++;
    };
    if (pipeline instanceof Promise) this.line.wait(pipeline, dispatch);
    else this.line.run(() => dispatch(pipeline));
  }

  reaches(states: readonly GpuSlot[]): boolean {
    return canBind(states);
  }

  async compile(program: Program, states: readonly GpuSlot[], at: string): Promise<Executable<GpuSlot>> {
    this.throwIfLost();
    const bytes = program.memorySize * bytesPerElement;
    if (bytes > this.limits.maxTensorBytes) throw new DeviceMemoryError(at, bytes, this.limits.maxTensorBytes);
    const target = {
      software: this.info.isFallbackAdapter,
      subgroups: this.gpu.features.has("subgroups"),
      exact: this.info.architecture === "swiftshader",
    };
    const compiled = await compileProgram(program, states, this.pipelines, target, tunerOf(this.gpu));
    const memory = this.pool.take(Math.max(bytes, 4), at);
    this.counters.allocated(bytes);
    const executable = new GpuExecutable(program, compiled, memory, this.gpu);
    return {
      run: (run) => {
        this.throwIfLost();
        this.counters.dispatches += executable.dispatchesFor(run.steps);
        this.line.run(() => {
          executable.run(run, this.batch);
          for (const state of states) state.stamp++;
        });
      },
      parts: () => executable.parts(),
      trial: () => this.line.after(() => this.trialOf(executable)),
      keep: (mostBytes) => {
        const size = executable.heldBytes;
        if (size > mostBytes) return undefined;
        const kept = this.line.after(() => this.trialOf(executable));
        const dispose = () => void kept.then((trial) => trial.dispose(), nothing);
        return { bytes: size, trial: async () => (await kept).copy(), dispose };
      },
      dispose: () => {
        this.counters.freed(bytes);
        this.line.run(() => {
          // What is queued still uses its buffers.
          if (this.batch.uses(memory)) this.batch.submit();
          executable.dispose();
          this.pool.give(memory);
        });
      },
    };
  }

  private trialOf(executable: GpuExecutable): GpuTrial {
    this.throwIfLost();
    this.batch.submit();
    return new GpuTrial(executable, this);
  }

  async read(slot: GpuSlot, urgency: Urgency = "awaited"): Promise<Elements> {
    const { bytes } = slot;
    const buffer = this.staging.take(bytes);
    try {
      this.line.run(() => {
        this.batch.copy(slot, { buffer, offset: 0, bytes });
        this.batch.submit();
      });
      await this.line.settled();
      const copy = await this.staging.read(buffer, bytes, urgency);
      this.throwFailure();
      return slot.dtype === "float32" ? new Float32Array(copy) : new Int32Array(copy);
    } catch (error) {
      this.throwFailure();
      throw error;
    }
  }

  async sync(): Promise<void> {
    this.line.run(() => this.batch.submit());
    await this.line.settled();
    await this.gpu.queue.onSubmittedWorkDone();
    this.throwFailure();
  }

  describe(): DeviceDescription {
    const { bytesInUse, peakBytes, buffers, dispatches } = this.counters;
    const { vendor, architecture, description } = this.info;
    return {
      device: this.device,
      vendor,
      architecture,
      description,
      software: this.info.isFallbackAdapter,
      limits: { ...this.limits },
      features: [...this.gpu.features],
      bytesInUse,
      peakBytes,
      buffers,
      dispatches,
    };
  }

  dispose(): void {
    this.gpu.destroy();
  }

  private writeNow(slot: GpuSlot, elements: Elements): void {
    if (this.batch.uses(slot.buffer)) this.batch.submit();
    this.gpu.queue.writeBuffer(slot.buffer, slot.offset, elements.buffer, elements.byteOffset, elements.byteLength);
    slot.stamp++;
  }

  private fail(error: unknown): void {
    this.failure ??= error;
  }

  private onLost(reason: string, message: string): void {
    this.lost = new DeviceError({
      at: this.device,
      got: `the GPU was lost (${reason}${message ? `: ${message}` : ""})`,
      remedy: "Restart the session to open it again; the notebook is kept.",
    });
  }

  private throwIfLost(): void {
    if (this.lost) throw this.lost;
  }

  private throwFailure(): void {
    this.throwIfLost();
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }
}
