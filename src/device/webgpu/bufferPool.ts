import { DeviceMemoryError } from "../../base/errors";
import type { SerialQueue } from "../serialQueue";
import type { CommandBatch } from "./commandBatch";
import type { BufferGuard } from "./bufferGuard";

/** Smaller tensors are rounded up to this size, so that they share one size class. */
const minClassBytes = 256;
/** Upper limit of the freed buffers that are kept for reuse, in bytes. */
const maxPooledBytes = 256 * 2 ** 20;

/**
 * Rounds a size up to its class: powers of two up to 1 MiB, then quarters of a power of two, which waste at most a
 * quarter.
 */
export function sizeClass(bytes: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(bytes, minClassBytes)));
  if (power <= 2 ** 20) return power;
  const quarter = power / 8;
  return Math.ceil(bytes / quarter) * quarter;
}

/**
 * A pooled buffer with a count of its owners: the slots located in it and the programs bound to it. When the last owner
 * releases it, it returns to the pool, after the work queued until then.
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

/** Pool of storage buffers by size class. */
export class BufferPool {
  private readonly free = new Map<number, GPUBuffer[]>();
  private pooledBytes = 0;

  /**
   * @param queue serial queue of work that may still use a buffer
   * @param guard detects use of pooled buffers in test builds
   */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly queue: SerialQueue,
    private readonly batch: CommandBatch,
    private readonly guard: BufferGuard | undefined,
  ) {}

  /**
   * @param at the purpose of the buffer, named in the error
   * @param onRefused receives the error, asynchronously, if the device is out of memory
   */
  acquire(bytes: number, at: string, onRefused: (error: DeviceMemoryError) => void): Lease {
    const size = sizeClass(bytes);
    const buffer = this.reuse(size) ?? this.create(size, at, onRefused);
    return new Lease(buffer, () => this.queue.run(() => this.recycle(buffer)));
  }

  private reuse(size: number): GPUBuffer | undefined {
    const buffer = this.free.get(size)?.pop();
    if (!buffer) return undefined;
    this.pooledBytes -= size;
    this.guard?.onAcquire(buffer);
    return buffer;
  }

  private recycle(buffer: GPUBuffer): void {
    if (this.pooledBytes + buffer.size > maxPooledBytes) {
      // A submit fails if the pending work uses a destroyed buffer.
      if (this.batch.uses(buffer)) this.batch.submit();
      buffer.destroy();
      return;
    }
    this.guard?.onRelease(buffer, (source, offset, bytes) =>
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
