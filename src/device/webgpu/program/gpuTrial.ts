/** A program on copies of its buffers: its dispatches one by one, what is around each, and how long each takes. */
import { bytesPerElement } from "../../../base/dtype";
import type { Elements } from "../../backend";
import type { PartTime, Trial, ValueId } from "../../program";
import { timeRuns } from "../../timeRuns";
import type { BufferPool } from "../buffers";
import type { Staging } from "../staging";
import type { GpuExecutable } from "./gpuExecutable";

export interface TrialDevice {
  readonly gpu: GPUDevice;
  readonly pool: BufferPool;
  readonly staging: Staging;
}

/** Two times in nanoseconds, of 64 bits each. */
const timestampBytes = 16;

export class GpuTrial implements Trial {
  readonly numbers: Uint32Array<ArrayBuffer>;
  private readonly copies: GPUBuffer[] = [];
  private readonly executable: GpuExecutable;

  /** Copies buffers as they are when all that was submitted is done. */
  constructor(
    of: GpuExecutable,
    private readonly device: TrialDevice,
  ) {
    const encoder = device.gpu.createCommandEncoder();
    const copyOf = (buffer: GPUBuffer) => {
      const copy = device.pool.take(buffer.size, "a copy to try a dispatch on");
      this.copies.push(copy);
      encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
      return copy;
    };
    this.executable = of.over(copyOf(of.memory), of.stateBuffers.map(copyOf));
    this.numbers = this.executable.numbersGiven;
    device.gpu.queue.submit([encoder.finish()]);
  }

  /** Another with the same, while this one has not run. */
  copy(): GpuTrial {
    return new GpuTrial(this.executable, this.device);
  }

  async around(part: number, values: readonly ValueId[]): Promise<{ before: Elements[]; after: Elements[] }> {
    this.submit((pass) => this.encodeUpTo(pass, part));
    const before = await this.read(values);
    this.submit((pass) => this.executable.encodePart(pass, part, 1));
    return { before, after: await this.read(values) };
  }

  async time(part: number): Promise<PartTime> {
    this.submit((pass) => this.encodeUpTo(pass, part));
    if (this.device.gpu.features.has("timestamp-query")) {
      const timed = await timeRuns((runs) => this.timestamps(part, runs));
      // A clock that stands still tells nothing.
      if (timed.milliseconds > 0) return { ...timed, method: "timestamps" };
    }
    const nothing = await timeRuns(() => this.untilDone(part, 0));
    const timed = await timeRuns((runs) => this.untilDone(part, runs));
    const own = timed.milliseconds - nothing.milliseconds / timed.runs;
    return { milliseconds: Math.max(0, own), runs: timed.runs, method: "queue" };
  }

  dispose(): void {
    this.executable.dispose();
    for (const copy of this.copies.splice(0)) this.device.pool.give(copy);
  }

  private encodeUpTo(pass: GPUComputePassEncoder, part: number): void {
    for (let earlier = 0; earlier < part; earlier++) this.executable.encodePart(pass, earlier, 1);
  }

  private submit(encode: (pass: GPUComputePassEncoder) => void): void {
    const encoder = this.device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass);
    pass.end();
    this.device.gpu.queue.submit([encoder.finish()]);
  }

  private async untilDone(part: number, runs: number): Promise<number> {
    const start = performance.now();
    this.submit((pass) => this.executable.encodePart(pass, part, runs));
    await this.device.gpu.queue.onSubmittedWorkDone();
    return performance.now() - start;
  }

  /** Milliseconds between the begin and the end of a pass, as the GPU's clock has them. */
  private async timestamps(part: number, runs: number): Promise<number> {
    const { gpu, staging } = this.device;
    const querySet = gpu.createQuerySet({ type: "timestamp", count: 2 });
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    const resolved = gpu.createBuffer({ size: timestampBytes, usage });
    const encoder = gpu.createCommandEncoder();
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    const pass = encoder.beginComputePass({ timestampWrites });
    this.executable.encodePart(pass, part, runs);
    pass.end();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    const mapped = staging.take(timestampBytes);
    encoder.copyBufferToBuffer(resolved, 0, mapped, 0, timestampBytes);
    gpu.queue.submit([encoder.finish()]);
    const [begin, end] = new BigUint64Array(await staging.read(mapped, timestampBytes, "awaited"));
    querySet.destroy();
    resolved.destroy();
    return Number(end! - begin!) / 1e6;
  }

  private async read(values: readonly ValueId[]): Promise<Elements[]> {
    const { gpu, staging } = this.device;
    const encoder = gpu.createCommandEncoder();
    const { program } = this.executable;
    const reading = values.map((value) => {
      const { buffer, offset } = this.executable.pieceOf(value);
      const { size, dtype } = program.values[value]!;
      const bytes = size * bytesPerElement;
      const to = staging.take(bytes);
      if (bytes > 0) encoder.copyBufferToBuffer(buffer, offset, to, 0, bytes);
      return { to, bytes, dtype };
    });
    gpu.queue.submit([encoder.finish()]);
    const copies = await Promise.all(reading.map(({ to, bytes }) => staging.read(to, bytes, "awaited")));
    return copies.map((copy, index) =>
      reading[index]!.dtype === "float32" ? new Float32Array(copy) : new Int32Array(copy),
    );
  }
}
