/**
 * Finds wrong uses of pooled buffers in test builds: a buffer that is returned twice, one that is used while the pool has it,
 * and reads of what an earlier owner left there, which are NaN.
 */
/** Of the buffer of NaNs that returned buffers are filled from. */
const fillBytes = 2 ** 18;
const quietNaN = 0x7fc00000;

let enabled = false;

/** Turns the guard on or off for devices that are opened from now on. */
export function guardBuffers(on: boolean): void {
  enabled = on;
}

/** A guard for one pool, in test builds. */
export function newBufferGuard(gpu: GPUDevice): BufferGuard | undefined {
  return enabled ? new BufferGuard(gpu) : undefined;
}

export class BufferGuard {
  private readonly pooled = new WeakSet<GPUBuffer>();
  private readonly source: GPUBuffer;

  constructor(gpu: GPUDevice) {
    this.source = gpu.createBuffer({ size: fillBytes, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
    gpu.queue.writeBuffer(this.source, 0, new Uint32Array(fillBytes / 4).fill(quietNaN));
  }

  taken(buffer: GPUBuffer): void {
    this.pooled.delete(buffer);
  }

  /**
   * Fills a buffer with NaN, after the work that was queued so far. @throws Error if the pool has it already.
   * @param copy queues a copy of `bytes` from the start of the source to an offset of the buffer
   */
  returned(buffer: GPUBuffer, copy: (source: GPUBuffer, offset: number, bytes: number) => void): void {
    this.check(buffer);
    for (let offset = 0; offset < buffer.size; offset += fillBytes)
      copy(this.source, offset, Math.min(fillBytes, buffer.size - offset));
    this.pooled.add(buffer);
  }

  /** @throws Error if the pool has the buffer. */
  check(buffer: GPUBuffer): void {
    if (this.pooled.has(buffer)) throw new Error("internal: a buffer was used after it returned to the pool");
  }
}
