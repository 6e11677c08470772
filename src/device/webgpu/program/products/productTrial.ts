/** Runs a single product on a device, to compare the results and times of its variants. */
import type { ProductLoop } from "../../../form";
import { foldWorkgroups } from "../../commandBatch";
import type { ProductVariant } from "./variant";

/** Invocations per workgroup, as in programs. */
const workgroupSize = 64;

/** Returns the length of an operand that is read through these strides. */
function extent(lengths: readonly number[], strides: readonly number[]): number {
  return lengths.reduce((size, length, axis) => size + (length - 1) * strides[axis]!, 1);
}

/** Returns numbers in [-0.5, 0.5), the same on every call with the same seed. */
export function trialNumbers(size: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** Emits the complete program of one product. */
function writeTrial(loop: ProductLoop, variant: ProductVariant, subgroups: boolean) {
  const { text, workgroups, sharedVectors } = variant.write({
    name: "job",
    loop,
    workgroupSize,
    loadA: (index) => `input_a[${index}]`,
    loadB: (index) => `input_b[${index}]`,
    finish: "  result[i] = sum;",
  });
  const enable = subgroups ? "enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n" : "";
  const shared = sharedVectors ? `var<workgroup> shared_vectors: array<vec4f, ${sharedVectors}>;\n` : "";
  const program = `${enable}@group(0) @binding(0) var<storage, read> input_a: array<f32>;
@group(0) @binding(1) var<storage, read> input_b: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
${shared}${text}@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = id.x + id.y * groups.x;
  if (group < ${workgroups}u) {
    job(group, lane);
  }
}
`;
  return { program, workgroups };
}

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: readonly [number, number];
}

export class ProductTrial {
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
  private readonly buffers: readonly GPUBuffer[];
  private readonly result: GPUBuffer;
  private readonly compiled = new Map<string, Promise<Compiled>>();

  constructor(
    private readonly gpu: GPUDevice,
    private readonly loop: ProductLoop,
  ) {
    const { rows, columns, depth, aStrides, bStrides, batchShape, aBatch, bBatch } = loop;
    this.a = trialNumbers(extent([...batchShape, rows, depth], [...aBatch, ...aStrides]), 1);
    this.b = trialNumbers(extent([...batchShape, depth, columns], [...bBatch, ...bStrides]), 2);
    const inputs = [this.a, this.b].map((values) => this.bufferOf(values.byteLength, values));
    const size = batchShape.reduce((all, length) => all * length, rows * columns);
    this.result = this.bufferOf(size * 4);
    this.buffers = [...inputs, this.result];
  }

  /** Returns the result of a variant. */
  async resultBy(variant: ProductVariant): Promise<Float32Array> {
    const { size } = this.result;
    const read = this.gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      await this.queue(variant, 1, (encoder) => encoder.copyBufferToBuffer(this.result, 0, read, 0, size));
      await read.mapAsync(GPUMapMode.READ);
      return new Float32Array(read.getMappedRange().slice(0));
    } finally {
      read.destroy();
    }
  }

  /** Computes the product `times` times and resolves when all runs are done. */
  async run(variant: ProductVariant, times: number): Promise<void> {
    await this.queue(variant, times);
    await this.gpu.queue.onSubmittedWorkDone();
  }

  dispose(): void {
    for (const buffer of this.buffers) buffer.destroy();
  }

  private async queue(variant: ProductVariant, times: number, after?: (encoder: GPUCommandEncoder) => void) {
    const { pipeline, group, workgroups } = await this.compile(variant);
    const encoder = this.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let time = 0; time < times; time++) pass.dispatchWorkgroups(...workgroups);
    pass.end();
    after?.(encoder);
    this.gpu.queue.submit([encoder.finish()]);
  }

  private compile(variant: ProductVariant): Promise<Compiled> {
    let compiled = this.compiled.get(variant.name);
    if (!compiled) this.compiled.set(variant.name, (compiled = this.compileNow(variant)));
    return compiled;
  }

  private async compileNow(variant: ProductVariant): Promise<Compiled> {
    const { program, workgroups } = writeTrial(this.loop, variant, this.gpu.features.has("subgroups"));
    const module = this.gpu.createShaderModule({ label: variant.name, code: program });
    const compute = { module, entryPoint: "main" };
    const pipeline = await this.gpu.createComputePipelineAsync({ label: variant.name, layout: "auto", compute });
    const entries = this.buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    return {
      pipeline,
      group: this.gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
      workgroups: foldWorkgroups(workgroups, this.gpu.limits.maxComputeWorkgroupsPerDimension),
    };
  }

  private bufferOf(size: number, values?: Float32Array<ArrayBuffer>): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.gpu.createBuffer({ size, usage });
    if (values) this.gpu.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }
}
