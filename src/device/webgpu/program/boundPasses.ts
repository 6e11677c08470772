/** Parts of a program with their bind groups. */
import type { Job, ProgramPart, ShaderStatement, ValueId } from "../../program";
import { foldWorkgroups, type BufferRange } from "../commandBatch";
import type { ProgramPass } from "./compileProgram";

/** Dynamic-offset alignment that every device supports. */
export const uniformBytes = 256;

/** Buffers that a program is bound to. */
export interface ProgramBuffers {
  /** One entry per step of a submit, `uniformBytes` apart: the index of the step's first number, and the step count. */
  readonly steps: GPUBuffer;
  readonly numbers: GPUBuffer;
  readonly memory: GPUBuffer;
  readonly variables: readonly GPUBuffer[];
  rangeOf(value: ValueId): BufferRange;
}

interface BoundDispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: readonly [number, number];
  /** Offset of its numbers in the buffer of uniforms. */
  readonly offset: number;
}

interface BoundPass {
  readonly dispatches: readonly BoundDispatch[];
  readonly text: string;
  readonly levels: readonly (readonly Job[])[];
  readonly isShader: boolean;
}

/** Returns the numbers that each dispatch reads from its uniform. */
function uniformsOf({ dispatches, shader }: ProgramPass): (readonly number[] | Uint32Array)[] {
  return dispatches.map(({ table }) => (shader ? shader.shader.pack(shader.uniforms) : table));
}

export class BoundPasses {
  private readonly list: readonly BoundPass[];
  /** Address tables of dispatches and uniforms of shaders, `stride` bytes apart. */
  private readonly uniforms: GPUBuffer;
  private readonly stride: number;
  private readonly groups = new Map<GPUBindGroupLayout, GPUBindGroup>();
  /** True if one program runs all steps of a submit. */
  readonly isSingleWorkgroup: boolean;
  /** Dispatches per step. */
  readonly dispatchCount: number;

  constructor(
    private readonly gpu: GPUDevice,
    private readonly buffers: ProgramBuffers,
    passes: readonly ProgramPass[],
  ) {
    const uniforms = passes.flatMap(uniformsOf);
    const longest = uniforms.reduce((length, one) => Math.max(length, one.length * 4), 0);
    this.stride = Math.max(1, Math.ceil(longest / uniformBytes)) * uniformBytes;
    const words = new Uint32Array((Math.max(1, uniforms.length) * this.stride) / 4);
    uniforms.forEach((one, index) => words.set(one, (index * this.stride) / 4));
    this.uniforms = gpu.createBuffer({
      size: words.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    gpu.queue.writeBuffer(this.uniforms, 0, words);
    this.isSingleWorkgroup = passes[0]?.isSingleWorkgroup ?? false;
    this.dispatchCount = uniforms.length;
    let offset = 0;
    this.list = passes.map((pass) => {
      const bound = this.bind(pass, offset);
      offset += pass.dispatches.length * this.stride;
      return bound;
    });
  }

  get length(): number {
    return this.list.length;
  }

  /** Returns the parts of a step in execution order. */
  parts(): ProgramPart[] {
    return this.list.map(({ text, dispatches, levels }) => {
      const { workgroups } = dispatches[0]!;
      return { language: "wgsl", text, workgroups, levels };
    });
  }

  /** Encodes one part of a step. */
  encode(pass: GPUComputePassEncoder, index: number, step: number): void {
    const { dispatches, isShader } = this.list[index]!;
    for (const { pipeline, group, workgroups, offset } of dispatches) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group, isShader ? [offset] : [step * uniformBytes, offset]);
      pass.dispatchWorkgroups(...workgroups);
    }
  }

  dispose(): void {
    this.uniforms.destroy();
  }

  private bind({ dispatches, shader, levels }: ProgramPass, start: number): BoundPass {
    const limit = this.gpu.limits.maxComputeWorkgroupsPerDimension;
    const bound = dispatches.map(({ pipeline, workgroups }, index) => ({
      pipeline: pipeline.compute,
      group: shader ? this.groupOfShader(shader, pipeline.layout) : this.groupOfJobs(pipeline.layout),
      workgroups: foldWorkgroups(workgroups, limit),
      offset: start + index * this.stride,
    }));
    return { dispatches: bound, text: dispatches[0]!.pipeline.text, levels, isShader: shader !== undefined };
  }

  /** Returns the bind group of jobs. It is shared, because all jobs of a program bind the same buffers. */
  private groupOfJobs(layout: GPUBindGroupLayout): GPUBindGroup {
    const known = this.groups.get(layout);
    if (known) return known;
    const { steps, numbers, memory, variables } = this.buffers;
    const group = this.group(layout, [
      { buffer: steps, size: 16 },
      { buffer: this.uniforms, size: this.stride },
      ...[numbers, memory, ...variables].map((buffer) => ({ buffer })),
    ]);
    this.groups.set(layout, group);
    return group;
  }

  private groupOfShader({ inputs, result }: ShaderStatement, layout: GPUBindGroupLayout): GPUBindGroup {
    const ranges = [...inputs, result].map((value) => {
      const { buffer, offset, bytes } = this.buffers.rangeOf(value);
      return { buffer, offset, size: Math.max(bytes, 4) };
    });
    return this.group(layout, [{ buffer: this.uniforms, size: uniformBytes }, ...ranges]);
  }

  private group(layout: GPUBindGroupLayout, resources: readonly GPUBufferBinding[]): GPUBindGroup {
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    return this.gpu.createBindGroup({ layout, entries });
  }
}
