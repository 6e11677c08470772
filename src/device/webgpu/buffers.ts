import { DeviceMemoryError } from "../../base/errors";

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

/** Storage buffers by size class, reused once they are freed. */
export class BufferPool {
  private readonly free = new Map<number, GPUBuffer[]>();
  private pooledBytes = 0;

  /** @param beforeDestroy submits the work that still waits to use a buffer: afterwards it could not be submitted. */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly onError: (error: unknown) => void,
    private readonly beforeDestroy: (buffer: GPUBuffer) => void,
  ) {}

  /** @param at names what it is for, should the device refuse. */
  take(bytes: number, at: string): GPUBuffer {
    const size = sizeClass(bytes);
    const reused = this.free.get(size)?.pop();
    if (reused) {
      this.pooledBytes -= size;
      return reused;
    }
    return this.create(size, at);
  }

  give(buffer: GPUBuffer): void {
    if (this.pooledBytes + buffer.size > maxPooledBytes) {
      this.beforeDestroy(buffer);
      buffer.destroy();
      return;
    }
    this.pooledBytes += buffer.size;
    const list = this.free.get(buffer.size);
    if (list) list.push(buffer);
    else this.free.set(buffer.size, [buffer]);
  }

  private create(size: number, at: string): GPUBuffer {
    this.gpu.pushErrorScope("out-of-memory");
    const buffer = this.gpu.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    void this.gpu.popErrorScope().then((error) => {
      if (error) this.onError(new DeviceMemoryError(at, size, 0));
    });
    return buffer;
  }
}
