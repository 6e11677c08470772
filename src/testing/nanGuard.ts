/**
 * Detects misuse of pooled buffers: a buffer that is returned twice, or used while it is in the pool. Contents left by a
 * previous owner read as NaN.
 */
import type { BufferGuard } from "../device/webgpu/bufferGuard";

/** Size of the buffer of NaNs that returned buffers are filled from. */
const fillBytes = 2 ** 18;
const quietNaN = 0x7fc00000;

export class NanGuard implements BufferGuard {
  private readonly pooled = new WeakSet<GPUBuffer>();
  private readonly source: GPUBuffer;

  constructor(gpu: GPUDevice) {
    this.source = gpu.createBuffer({ size: fillBytes, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
    gpu.queue.writeBuffer(this.source, 0, new Uint32Array(fillBytes / 4).fill(quietNaN));
  }

  onAcquire(buffer: GPUBuffer): void {
    this.pooled.delete(buffer);
  }

  /** Fills a returned buffer with NaN, after the work queued so far. */
  onRelease(buffer: GPUBuffer, copy: (source: GPUBuffer, offset: number, bytes: number) => void): void {
    this.check(buffer);
    for (let offset = 0; offset < buffer.size; offset += fillBytes)
      copy(this.source, offset, Math.min(fillBytes, buffer.size - offset));
    this.pooled.add(buffer);
  }

  check(buffer: GPUBuffer): void {
    if (this.pooled.has(buffer)) throw new Error("internal: a buffer was used after it returned to the pool");
  }
}
