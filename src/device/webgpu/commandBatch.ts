import type { BufferGuard } from "./bufferGuard";
import type { Pipeline } from "./pipelines";

/**
 * Bytes reserved for the uniforms of one dispatch. 256 is also the dynamic-offset alignment that every device supports.
 */
const uniformBytes = 256;
const maxDispatches = 256;

/** Part of a buffer. */
export interface BufferRange {
  readonly buffer: GPUBuffer;
  /** Offset of its first byte. */
  readonly offset: number;
  readonly bytes: number;
}

/** Part of a buffer whose elements may change. */
export interface VersionedRange extends BufferRange {
  /** Changes whenever the elements change. */
  version: number;
}

/** Folds a workgroup count into two dimensions, as close to square as possible so that few workgroups are wasted. */
export function foldWorkgroups(count: number, limit: number): [x: number, y: number] {
  if (count <= limit) return [count, 1];
  const x = Math.ceil(Math.sqrt(count));
  return [x, Math.ceil(count / x)];
}

/**
 * Collects dispatches into one compute pass and submits them together. Their uniforms are gathered in one buffer, which
 * is written once per submit.
 */
export class CommandBatch {
  private encoder: GPUCommandEncoder | undefined;
  private pass: GPUComputePassEncoder | undefined;
  private count = 0;
  private readonly touched = new Set<GPUBuffer>();
  private readonly staged = new Uint32Array((maxDispatches * uniformBytes) / 4);
  private readonly uniforms: GPUBuffer;
  submits = 0;

  constructor(
    private readonly gpu: GPUDevice,
    private readonly guard?: BufferGuard,
  ) {
    this.uniforms = gpu.createBuffer({
      size: this.staged.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  dispatch(pipeline: Pipeline, ranges: readonly BufferRange[], uniforms: Uint32Array, workgroups: number): void {
    const pass = (this.pass ??= this.commands().beginComputePass());
    const offset = this.count * uniformBytes;
    this.staged.set(uniforms, offset / 4);
    pass.setPipeline(pipeline.compute);
    pass.setBindGroup(0, this.bind(pipeline, ranges), [offset]);
    pass.dispatchWorkgroups(...foldWorkgroups(workgroups, this.gpu.limits.maxComputeWorkgroupsPerDimension));
    for (const { buffer } of ranges) this.touch(buffer);
    if (++this.count === maxDispatches) this.submit();
  }

  /** Adds dispatches that bring their own bind groups. */
  encode(touched: readonly GPUBuffer[], encode: (pass: GPUComputePassEncoder) => void): void {
    encode((this.pass ??= this.commands().beginComputePass()));
    for (const buffer of touched) this.touch(buffer);
  }

  /** True if pending work uses the buffer. A write to it now would overtake that work. */
  uses(buffer: GPUBuffer): boolean {
    return this.touched.has(buffer);
  }

  copy(from: BufferRange, to: BufferRange): void {
    if (from.bytes === 0) return;
    this.endPass();
    this.commands().copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, from.bytes);
    this.touch(from.buffer);
    this.touch(to.buffer);
  }

  submit(): void {
    if (!this.encoder) return;
    this.endPass();
    if (this.count > 0) this.gpu.queue.writeBuffer(this.uniforms, 0, this.staged, 0, (this.count * uniformBytes) / 4);
    this.gpu.queue.submit([this.encoder.finish()]);
    this.submits++;
    this.encoder = undefined;
    this.count = 0;
    this.touched.clear();
  }

  private touch(buffer: GPUBuffer): void {
    this.guard?.check(buffer);
    this.touched.add(buffer);
  }

  private commands(): GPUCommandEncoder {
    return (this.encoder ??= this.gpu.createCommandEncoder());
  }

  private endPass(): void {
    this.pass?.end();
    this.pass = undefined;
  }

  private bind(pipeline: Pipeline, ranges: readonly BufferRange[]): GPUBindGroup {
    return this.gpu.createBindGroup({
      layout: pipeline.layout,
      entries: [
        { binding: 0, resource: { buffer: this.uniforms, size: uniformBytes } },
        ...ranges.map(({ buffer, offset, bytes }, index) => ({
          binding: index + 1,
          resource: { buffer, offset, size: Math.max(bytes, 4) },
        })),
      ],
    });
  }
}
