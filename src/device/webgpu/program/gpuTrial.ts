/** Runs a program on copies of its buffers, to inspect values before and after each dispatch and to time it. */
import { bytesPerElement } from "../../../base/dtype";
import type { Elements } from "../../backend";
import type { PartTime, Trial, ValueId } from "../../program";
import { timeRuns } from "../../timeRuns";
import type { BufferPool, Lease } from "../buffers";
import { withOwnErrors } from "../errorScopes";
import type { Staging } from "../staging";
import type { GpuExecutable } from "./gpuExecutable";

export interface TrialDevice {
  readonly gpu: GPUDevice;
  readonly pool: BufferPool;
  readonly staging: Staging;
  /** Submits commands after all work queued so far. */
  submit(encode: (encoder: GPUCommandEncoder) => void): void;
}

/** Bytes of two 64-bit timestamps in nanoseconds. */
const timestampBytes = 16;

/** Copies of a program's buffers, and the program bound to them. */
class Copies {
  readonly executable: GpuExecutable;
  private readonly leases: Lease[] = [];
  private refused: Error | undefined;

  constructor(of: GpuExecutable, device: TrialDevice) {
    const buffers = [of.memory, ...of.stateBuffers];
    const [memory, ...states] = buffers.map((buffer) => this.take(buffer.size, device));
    this.executable = of.over(memory!, states);
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

  private take(bytes: number, { pool }: TrialDevice): GPUBuffer {
    const lease = pool.take(bytes, "a copy for a trial", (error) => (this.refused = error));
    this.leases.push(lease);
    return lease.buffer;
  }
}

/**
 * Dry run of a program on the GPU. Errors reject the dry run's own promises and leave other work on the device untouched.
 */
export class GpuTrial implements Trial {
  readonly numbers: Uint32Array<ArrayBuffer>;
  private readonly executable: GpuExecutable;

  private constructor(
    private readonly copies: Copies,
    private readonly device: TrialDevice,
  ) {
    this.executable = copies.executable;
    this.numbers = this.executable.numbersGiven;
  }

  /**
   * Copies a program's buffers. Copying is queued synchronously, so the copies contain the results of all work queued
   * before. @throws DeviceMemoryError
   */
  static async of(executable: GpuExecutable, device: TrialDevice): Promise<GpuTrial> {
    let copies: Copies | undefined;
    try {
      await withOwnErrors(device.gpu, () => (copies = new Copies(executable, device)));
      copies!.throwIfRefused();
      return new GpuTrial(copies!, device);
    } catch (error) {
      copies?.dispose();
      throw error;
    }
  }

  /** Returns another dry run from the same buffers. Valid only before this one has run. */
  copy(): Promise<GpuTrial> {
    return GpuTrial.of(this.executable, this.device);
  }

  async around(part: number, values: readonly ValueId[]): Promise<{ before: Elements[]; after: Elements[] }> {
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
    const nothing = await timeRuns(() => this.untilDone(part, 0));
    const timed = await timeRuns((runs) => this.untilDone(part, runs));
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
    return withOwnErrors(gpu, () =>
      this.device.submit((encoder) => {
        const pass = encoder.beginComputePass();
        encode(pass);
        pass.end();
      }),
    );
  }

  private async untilDone(part: number, runs: number): Promise<number> {
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
    const mapped = staging.take(timestampBytes);
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
      return { from: this.executable.pieceOf(value), to: staging.take(bytes), bytes, dtype };
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
