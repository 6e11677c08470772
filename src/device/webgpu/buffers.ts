import { DeviceMemoryError } from "../../base/errors";
import type { Line } from "../line";
import type { Batch } from "./batch";
import type { BufferGuard } from "./bufferGuard";

/** Small tensors round up to this, so that they share a class of the pool. */
const smallestBytes = 256;
/** Freed buffers that are kept for reuse, in bytes. */
const maxPooledBytes = 256 * 2 ** 20;

/** Above 1 MiB sizes are rounded to quarters of a power of two: at most a quarter is wasted. */
export function sizeClass(bytes: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(bytes, smallestBytes)));
  if (power <= 2 ** 20) return power;
  const quarter = power / 8;
  return Math.ceil(bytes / quarter) * quarter;
}

/**
 * A pooled buffer and the number of its owners: slots that lie in it, programs that are bound to it. It returns to the pool
 * when the last of them has released it, behind the work that was queued until then.
 */
export class Lease {
  private owners = 1;

  constructor(
    readonly buffer: GPUBuffer,
    private readonly onReturn: () => void,
  ) {}

  retain(): void {
    if (this.owners === 0) throw new Error("internal: a buffer was retained after its last owner released it");
    this.owners++;
  }

  release(): void {
    if (this.owners === 0) throw new Error("internal: a buffer was released twice");
    if (--this.owners === 0) this.onReturn();
  }
}

/** Storage buffers by size class, reused once they are free. */
export class BufferPool {
  private readonly free = new Map<number, GPUBuffer[]>();
  private pooledBytes = 0;

  /**
   * @param line what is queued on it still uses a buffer
   * @param guard checks in test builds that nobody uses a buffer that is here
   */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly line: Line,
    private readonly batch: Batch,
    private readonly guard: BufferGuard | undefined,
  ) {}

  /**
   * @param at names its purpose, should the device refuse
   * @param onRefused receives the error, later
   */
  take(bytes: number, at: string, onRefused: (error: DeviceMemoryError) => void): Lease {
    const size = sizeClass(bytes);
    const buffer = this.reuse(size) ?? this.create(size, at, onRefused);
    return new Lease(buffer, () => this.line.run(() => this.put(buffer)));
  }

  private reuse(size: number): GPUBuffer | undefined {
    const buffer = this.free.get(size)?.pop();
    if (!buffer) return undefined;
    this.pooledBytes -= size;
    this.guard?.taken(buffer);
    return buffer;
  }

  private put(buffer: GPUBuffer): void {
    if (this.pooledBytes + buffer.size > maxPooledBytes) {
      // Collected work that uses it could not be submitted afterwards.
      if (this.batch.uses(buffer)) this.batch.submit();
      buffer.destroy();
      return;
    }
    this.guard?.returned(buffer, (source, offset, bytes) =>
      this.batch.copy({ buffer: source, offset: 0, bytes }, { buffer, offset, bytes }),
    );
    this.pooledBytes += buffer.size;
    const list = this.free.get(buffer.size);
    if (list) list.push(buffer);
    else this.free.set(buffer.size, [buffer]);
  }

  private create(size: number, at: string, onRefused: (error: DeviceMemoryError) => void): GPUBuffer {
    this.gpu.pushErrorScope("out-of-memory");
    const buffer = this.gpu.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    void this.gpu.popErrorScope().then((error) => {
      if (error) onRefused(new DeviceMemoryError(at, size, 0));
    });
    return buffer;
  }
}
