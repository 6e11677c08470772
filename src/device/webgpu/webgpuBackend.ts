import { bytesPerElement, type DType } from "../../base/dtype";
import { DeviceError, DeviceMemoryError } from "../../base/errors";
import type { Backend, DeviceDescription, Dispatch, Elements, Limits, Urgency } from "../backend";
import { Counters } from "../counters";
import type { Program } from "../program";
import { SerialQueue } from "../serialQueue";
import { CommandBatch } from "./commandBatch";
import { createBufferGuard } from "./bufferGuard";
import { BufferPool, type Lease } from "./bufferPool";
import { type Pipeline, PipelineCache } from "./pipelines";
import { canBind, compileProgram } from "./program/compileProgram";
import { measureDispatchCost } from "./program/measureDispatchCost";
import { type GpuSlot, type ProgramDevice, QueuedProgram } from "./program/queuedProgram";
import { ProductTrial } from "./program/products/productTrial";
import { ProductTuner } from "./program/products/productTuner";
import { StagingPool } from "./stagingPool";

/** Alignment of slots that share a buffer: every device accepts binding offsets that are multiples of 256. */
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

/** Returns the tuner of a device. All backends of a device share it, so each product is tuned once. */
function tunerOf(gpu: GPUDevice): ProductTuner {
  const tuner = tuners.get(gpu) ?? new ProductTuner((loop) => new ProductTrial(gpu, loop));
  tuners.set(gpu, tuner);
  return tuner;
}

/** Tensors on one GPUDevice. Several backends may share a device; each has its own buffer pool. */
export class WebGpuBackend implements Backend, ProgramDevice {
  readonly limits: Limits;
  readonly counters = new Counters();
  readonly compiles = "slowly";
  readonly pool: BufferPool;
  readonly batch: CommandBatch;
  readonly queue: SerialQueue;
  readonly staging: StagingPool;
  private readonly pipelines: PipelineCache;
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
    this.queue = new SerialQueue((error) => this.fail(error));
    const guard = createBufferGuard(gpu);
    this.batch = new CommandBatch(gpu, guard);
    this.pool = new BufferPool(gpu, this.queue, this.batch, guard);
    this.pipelines = new PipelineCache(gpu);
    this.staging = new StagingPool(gpu, info.isFallbackAdapter);
    gpu.addEventListener("uncapturederror", (event) => this.fail(new Error(`internal: ${event.error.message}`)));
    void gpu.lost.then(({ reason, message }) => this.onLost(reason, message));
  }

  allocate(size: number, dtype: DType, at: string): GpuSlot {
    this.throwIfLost();
    const bytes = size * bytesPerElement;
    if (bytes > this.limits.maxTensorBytes) throw new DeviceMemoryError(at, bytes, this.limits.maxTensorBytes);
    const lease = this.acquireLease(bytes, at);
    this.counters.countAllocation(bytes);
    return { size, dtype, buffer: lease.buffer, offset: 0, bytes, version: 0, lease };
  }

  allocateTogether(list: readonly { size: number; dtype: DType }[], at: string): GpuSlot[] {
    this.throwIfLost();
    let end = 0;
    const ranges = list.map(({ size, dtype }) => {
      const range = { size, dtype, offset: end, bytes: size * bytesPerElement };
      end += Math.ceil(range.bytes / slotAlignment) * slotAlignment;
      return range;
    });
    if (end > this.limits.maxTensorBytes) throw new DeviceMemoryError(at, end, this.limits.maxTensorBytes);
    const lease = this.acquireLease(end, at);
    return ranges.map((range, index) => {
      if (index > 0) lease.retain();
      this.counters.countAllocation(range.bytes);
      return { ...range, buffer: lease.buffer, version: 0, lease };
    });
  }

  free({ bytes, lease }: GpuSlot): void {
    this.counters.countFree(bytes);
    lease.release();
  }

  copy(from: GpuSlot, to: GpuSlot): void {
    if (from.buffer !== to.buffer) {
      this.queue.run(() => {
        this.batch.copy(from, to);
        to.version++;
      });
      return;
    }
    // WebGPU cannot copy within one buffer.
    const between = this.allocate(from.size, from.dtype, "copy");
    this.copy(from, between);
    this.copy(between, to);
    this.free(between);
  }

  write(slot: GpuSlot, elements: Elements | Promise<Elements>): void {
    if (elements instanceof Promise) this.queue.runAfter(elements, (value) => this.writeNow(slot, value));
    else this.queue.run(() => this.writeNow(slot, elements));
  }

  run({ shader, inputs, result, uniforms, workgroups }: Dispatch): void {
    this.throwIfLost();
    this.counters.dispatches++;
    const ranges = [...inputs, result] as GpuSlot[];
    const pipeline = this.pipelines.get(
      shader,
      inputs.map((slot) => slot.dtype),
      result.dtype,
    );
    const packed = shader.pack(uniforms);
    const dispatch = (ready: Pipeline) => {
      this.batch.dispatch(ready, ranges, packed, workgroups);
      ranges.at(-1)!.version++;
    };
    if (pipeline instanceof Promise) this.queue.runAfter(pipeline, dispatch);
    else this.queue.run(() => dispatch(pipeline));
  }

  canBind(variables: readonly GpuSlot[]): boolean {
    return canBind(variables);
  }

  async compile(program: Program, variables: readonly GpuSlot[], at: string): Promise<QueuedProgram> {
    this.throwIfLost();
    const bytes = program.memorySize * bytesPerElement;
    if (bytes > this.limits.maxTensorBytes) throw new DeviceMemoryError(at, bytes, this.limits.maxTensorBytes);
    const target = {
      software: this.info.isFallbackAdapter,
      subgroups: this.gpu.features.has("subgroups"),
      exact: this.info.architecture === "swiftshader",
      dispatchCost: () => measureDispatchCost(this.gpu),
    };
    // Slots of the variables may be freed during compilation.
    for (const { lease } of variables) lease.retain();
    try {
      const compiled = await compileProgram(program, variables, this.pipelines, target, tunerOf(this.gpu));
      return new QueuedProgram(program, compiled, this.acquireLease(Math.max(bytes, 4), at), variables, this);
    } catch (error) {
      for (const { lease } of variables) lease.release();
      throw error;
    }
  }

  submit(encode: (encoder: GPUCommandEncoder) => void): void {
    this.batch.submit();
    const encoder = this.gpu.createCommandEncoder();
    encode(encoder);
    this.gpu.queue.submit([encoder.finish()]);
  }

  async read(slot: GpuSlot, urgency: Urgency = "awaited"): Promise<Elements> {
    const { bytes } = slot;
    const buffer = this.staging.acquire(bytes);
    try {
      this.queue.run(() => {
        this.batch.copy(slot, { buffer, offset: 0, bytes });
        this.batch.submit();
      });
      await this.queue.drain();
      const copy = await this.staging.read(buffer, bytes, urgency);
      this.throwFailure();
      return slot.dtype === "float32" ? new Float32Array(copy) : new Int32Array(copy);
    } catch (error) {
      this.throwFailure();
      throw error;
    }
  }

  async sync(): Promise<void> {
    this.queue.run(() => this.batch.submit());
    await this.queue.drain();
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
    slot.version++;
  }

  private acquireLease(bytes: number, at: string): Lease {
    return this.pool.acquire(bytes, at, (error) => this.fail(error));
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

  throwIfLost(): void {
    if (this.lost) throw this.lost;
  }

  private throwFailure(): void {
    this.throwIfLost();
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }
}
