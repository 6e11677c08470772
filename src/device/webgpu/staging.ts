/** What values are read through. Buffers are used again: a loop that reads its losses makes none. */
import { nextTask } from "../../base/cancel";
import type { Urgency } from "../backend";
import { sizeClass } from "./buffers";

/** Free buffers that are kept, in bytes. */
const maxKeptBytes = 64 * 2 ** 20;
/** A waiting read is nudged so often at most, with so many milliseconds between: unpaced or unbounded it would backfire. */
const mostNudges = 8;
const nudgeEveryMs = 0.3;
/** In bytes. */
const shortRead = 2 ** 16;

export class Staging {
  private readonly free = new Map<number, GPUBuffer[]>();
  private keptBytes = 0;
  private readonly nudged: GPUBuffer;
  private readonly word = new Uint32Array(1);

  /**
   * @param isSoftware true where the device computes on the CPU, whose time the nudges take: there a long read comes later by
   * them, and only a short one sooner
   */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly isSoftware: boolean,
  ) {
    this.nudged = gpu.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_DST });
  }

  take(bytes: number): GPUBuffer {
    const size = sizeClass(bytes);
    const buffer = this.free.get(size)?.pop();
    if (!buffer) return this.gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    this.keptBytes -= size;
    return buffer;
  }

  /** The first bytes of a buffer, once what was submitted is done; the buffer is free again afterwards. */
  async read(buffer: GPUBuffer, bytes: number, urgency: Urgency): Promise<ArrayBuffer> {
    const mapped = buffer.mapAsync(GPUMapMode.READ);
    if (urgency === "awaited" && (!this.isSoftware || bytes <= shortRead)) void this.nudge(mapped);
    try {
      await mapped;
    } catch (error) {
      buffer.destroy();
      throw error;
    }
    const copy = buffer.getMappedRange().slice(0, bytes);
    buffer.unmap();
    this.give(buffer);
    return copy;
  }

  private give(buffer: GPUBuffer): void {
    if (this.keptBytes + buffer.size > maxKeptBytes) {
      buffer.destroy();
      return;
    }
    this.keptBytes += buffer.size;
    const list = this.free.get(buffer.size);
    if (list) list.push(buffer);
    else this.free.set(buffer.size, [buffer]);
  }

  /** Chromium looks for finished work when it is given some: a word now and then makes a short wait shorter. */
  private async nudge(until: Promise<unknown>): Promise<void> {
    let waiting = true;
    const stop = () => (waiting = false);
    until.then(stop, stop);
    for (let count = 0; waiting && count < mostNudges; count++) {
      const start = performance.now();
      while (waiting && performance.now() - start < nudgeEveryMs) await nextTask();
      if (waiting) this.gpu.queue.writeBuffer(this.nudged, 0, this.word);
    }
  }
}
