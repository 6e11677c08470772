/** Runs a program on copies of its buffers, to inspect values before and after each dispatch and to time it. */
import { bytesPerElement } from "../../../base/dtype";
import type { Elements } from "../../backend";
import type { PartTime, DryRun, ValueId } from "../../program";
import { timeRuns } from "../../timeRuns";
import type { BufferPool, Lease } from "../bufferPool";
import { captureErrors } from "../errorScopes";
import type { StagingPool } from "../stagingPool";
import type { GpuExecutable } from "./gpuExecutable";

export interface DryRunDevice {
  readonly gpu: GPUDevice;
  readonly pool: BufferPool;
  readonly staging: StagingPool;
  /** Submits commands after all work queued so far. */
  submit(encode: (encoder: GPUCommandEncoder) => void): void;
}

/** Bytes of two 64-bit timestamps in nanoseconds. */
const timestampBytes = 16;

/** Copies of a program's buffers, and the program bound to them. */
class ProgramCopy {
  readonly executable: GpuExecutable;
  private readonly leases: Lease[] = [];
  private refused: Error | undefined;

  constructor(of: GpuExecutable, device: DryRunDevice) {
    const buffers = [of.memory, ...of.variableBuffers];
    const [memory, ...variables] = buffers.map((buffer) => this.acquire(buffer.size, device));
    this.executable = of.withBuffers(memory!, variables);
    device.submit((encoder) => {
      buffers.forEach((buffer, index) =>
        encoder.copyBufferToBuffer(buffer, 0, this.leases[index]!.buffer, 0, buffer.size),
      );
    });
  }

  /** @throws DeviceMemoryError if the device could not allocate a copy */
  throwIfRefused(): void {
    if (this.refused) throw this.refused;
  }

  dispose(): void {
    this.executable.dispose();
    for (const lease of this.leases) lease.release();
  }

  private acquire(bytes: number, { pool }: DryRunDevice): GPUBuffer {
    const lease = pool.acquire(bytes, "a copy for a trial", (error) => (this.refused = error));
    this.leases.push(lease);
    return lease.buffer;
  }
}

/**
 * Dry run of a program on the GPU. Errors reject the dry run's own promises and leave other work on the device untouched.
 */
export class GpuDryRun implements DryRun {
  readonly numbers: Uint32Array<ArrayBuffer>;
  private readonly executable: GpuExecutable;

  private constructor(
    private readonly copies: ProgramCopy,
    private readonly device: DryRunDevice,
  ) {
    this.executable = copies.executable;
    this.numbers = this.executable.lastNumbers;
  }

  /**
   * Copies a program's buffers. Copying is queued synchronously, so the copies contain the results of all work queued
   * before. @throws DeviceMemoryError
   */
  static async create(executable: GpuExecutable, device: DryRunDevice): Promise<GpuDryRun> {
    let copies: ProgramCopy | undefined;
    try {
      await captureErrors(device.gpu, () => (copies = new ProgramCopy(executable, device)));
      copies!.throwIfRefused();
      return new GpuDryRun(copies!, device);
    } catch (error) {
      copies?.dispose();
      throw error;
    }
  }

  /** Returns another dry run from the same buffers. Valid only before this one has run. */
  copy(): Promise<GpuDryRun> {
    return GpuDryRun.create(this.executable, this.device);
  }

  async valuesAround(part: number, values: readonly ValueId[]): Promise<{ before: Elements[]; after: Elements[] }> {
    await this.submit((pass) => this.encodeUpTo(pass, part));
    const before = await this.read(values);
    await this.submit((pass) => this.executable.encodePart(pass, part, 1));
    return { before, after: await this.read(values) };
  }

  async time(part: number): Promise<PartTime> {
    await this.submit((pass) => this.encodeUpTo(pass, part));
    if (this.device.gpu.features.has("timestamp-query")) {
      const timed = await timeRuns((runs) => this.timestamps(part, runs));
      // Some clocks do not advance; their zero is no measurement.
      if (timed.milliseconds > 0) return { ...timed, method: "timestamps" };
    }
    const nothing = await timeRuns(() => this.submitAndWait(part, 0));
    const timed = await timeRuns((runs) => this.submitAndWait(part, runs));
    const own = timed.milliseconds - nothing.milliseconds / timed.runs;
    return { milliseconds: Math.max(0, own), runs: timed.runs, method: "queue" };
  }

  dispose(): void {
    this.copies.dispose();
  }

  private encodeUpTo(pass: GPUComputePassEncoder, part: number): void {
    for (let earlier = 0; earlier < part; earlier++) this.executable.encodePart(pass, earlier, 1);
  }

  private submit(encode: (pass: GPUComputePassEncoder) => void): Promise<void> {
    const { gpu } = this.device;
    return captureErrors(gpu, () =>
      this.device.submit((encoder) => {
        const pass = encoder.beginComputePass();
        encode(pass);
        pass.end();
      }),
    );
  }

  private async submitAndWait(part: number, runs: number): Promise<number> {
    const start = performance.now();
    const submitted = this.submit((pass) => this.executable.encodePart(pass, part, runs));
    await Promise.all([submitted, this.device.gpu.queue.onSubmittedWorkDone()]);
    return performance.now() - start;
  }

  /** Returns the milliseconds from start to end of a pass by the GPU's clock. */
  private async timestamps(part: number, runs: number): Promise<number> {
    const { gpu, staging } = this.device;
    const querySet = gpu.createQuerySet({ type: "timestamp", count: 2 });
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    const resolved = gpu.createBuffer({ size: timestampBytes, usage });
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    const mapped = staging.acquire(timestampBytes);
    this.device.submit((encoder) => {
      const pass = encoder.beginComputePass({ timestampWrites });
      this.executable.encodePart(pass, part, runs);
      pass.end();
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, mapped, 0, timestampBytes);
    });
    const [begin, end] = new BigUint64Array(await staging.read(mapped, timestampBytes, "awaited"));
    querySet.destroy();
    resolved.destroy();
    return Number(end! - begin!) / 1e6;
  }

  private async read(values: readonly ValueId[]): Promise<Elements[]> {
    const { staging } = this.device;
    const { program } = this.executable;
    const reading = values.map((value) => {
      const { size, dtype } = program.values[value]!;
      const bytes = size * bytesPerElement;
      return { from: this.executable.rangeOf(value), to: staging.acquire(bytes), bytes, dtype };
    });
    this.device.submit((encoder) => {
      for (const { from, to, bytes } of reading)
        if (bytes > 0) encoder.copyBufferToBuffer(from.buffer, from.offset, to, 0, bytes);
    });
    const copies = await Promise.all(reading.map(({ to, bytes }) => staging.read(to, bytes, "awaited")));
    return copies.map((copy, index) =>
      reading[index]!.dtype === "float32" ? new Float32Array(copy) : new Int32Array(copy),
    );
  }
}
