/** Pool of readback buffers. They are reused, so a loop that reads its losses allocates none. */
import { nextTask } from "../../base/cancel";
import type { Urgency } from "../backend";
import { sizeClass } from "./bufferPool";

/** Upper limit of the free buffers that are kept, in bytes. */
const maxFreeBytes = 64 * 2 ** 20;
/** Limits of nudging: at most 8 nudges per read, at least 0.3 ms apart. Unlimited nudges would slow the work down. */
const maxNudges = 8;
const nudgeIntervalMs = 0.3;
/** Longest read that is nudged on a software adapter, in bytes. */
const shortReadBytes = 2 ** 16;

export class StagingPool {
  private readonly free = new Map<number, GPUBuffer[]>();
  private freeBytes = 0;
  private readonly nudgeTarget: GPUBuffer;
  private readonly zeroWord = new Uint32Array(1);

  /**
   * @param isSoftware true if the device computes on the CPU, where nudges compete with the work: they shorten a short
   *   read but delay a long one
   */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly isSoftware: boolean,
  ) {
    this.nudgeTarget = gpu.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_DST });
  }

  acquire(bytes: number): GPUBuffer {
    const size = sizeClass(bytes);
    const buffer = this.free.get(size)?.pop();
    if (!buffer) return this.gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    this.freeBytes -= size;
    return buffer;
  }

  /** Reads the first `bytes` of a buffer once the submitted work is done, then returns the buffer to the pool. */
  async read(buffer: GPUBuffer, bytes: number, urgency: Urgency): Promise<ArrayBuffer> {
    const mapped = buffer.mapAsync(GPUMapMode.READ);
    if (urgency === "awaited" && (!this.isSoftware || bytes <= shortReadBytes)) void this.nudge(mapped);
    try {
      await mapped;
    } catch (error) {
      buffer.destroy();
      throw error;
    }
    const copy = buffer.getMappedRange().slice(0, bytes);
    buffer.unmap();
    this.release(buffer);
    return copy;
  }

  private release(buffer: GPUBuffer): void {
    if (this.freeBytes + buffer.size > maxFreeBytes) {
      buffer.destroy();
      return;
    }
    this.freeBytes += buffer.size;
    const list = this.free.get(buffer.size);
    if (list) list.push(buffer);
    else this.free.set(buffer.size, [buffer]);
  }

  /**
   * Shortens a wait for the GPU: Chromium polls for finished work whenever it receives commands, so a one-word write
   * now and then makes it notice sooner.
   */
  private async nudge(until: Promise<unknown>): Promise<void> {
    let waiting = true;
    const stop = () => (waiting = false);
    until.then(stop, stop);
    for (let count = 0; waiting && count < maxNudges; count++) {
      const start = performance.now();
      while (waiting && performance.now() - start < nudgeIntervalMs) await nextTask();
      if (waiting) this.gpu.queue.writeBuffer(this.nudgeTarget, 0, this.zeroWord);
    }
  }
}
