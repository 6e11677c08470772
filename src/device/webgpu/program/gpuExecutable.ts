import { bytesPerElement } from "../../../base/dtype";
import type { Program, ProgramRun, ShaderStatement, ValueId } from "../../program";
import { type Batch, foldWorkgroups, type Piece } from "../batch";
import type { CompiledProgram, ProgramPass } from "./compileProgram";

/** Steps that one submit may hold. */
export const maxSteps = 256;
/** The alignment that every device allows for dynamic offsets. */
const uniformBytes = 256;

interface BoundPass {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: readonly [number, number];
  readonly kind: "level" | "whole" | "shader";
}

/** A program's bind groups and buffers, made once; a run only encodes its passes. */
export class GpuExecutable {
  private readonly passes: readonly BoundPass[];
  private readonly buffers: GPUBuffer[] = [];
  private readonly numbers: GPUBuffer;
  private readonly steps: GPUBuffer;
  private readonly touched: readonly GPUBuffer[];
  /** What is in the places of the inputs now: slots do not change, so they are copied once. */
  private readonly present: (Piece | undefined)[] = [];

  constructor(
    private readonly program: Program,
    private readonly compiled: CompiledProgram,
    private readonly memory: GPUBuffer,
    private readonly gpu: GPUDevice,
  ) {
    const count = Math.max(program.numbers, 1);
    this.numbers = this.buffer(maxSteps * count * 4, GPUBufferUsage.STORAGE);
    this.steps = this.buffer(maxSteps * uniformBytes, GPUBufferUsage.UNIFORM);
    const steps = new Uint32Array((maxSteps * uniformBytes) / 4);
    for (let step = 0; step < maxSteps; step++)
      steps.set([step * program.numbers, step + 1, program.numbers], (step * uniformBytes) / 4);
    gpu.queue.writeBuffer(this.steps, 0, steps);
    this.passes = compiled.passes.map((pass) => this.bind(pass));
    this.touched = [memory, this.numbers, ...compiled.stateBuffers];
  }

  run({ inputs, steps, numbers, outputs }: ProgramRun<Piece>, batch: Batch): void {
    inputs.forEach((input, index) => {
      if (this.present[index] === input) return;
      batch.copy(input, this.pieceOf(this.program.inputs[index]!));
      this.present[index] = input;
    });
    const count = this.program.numbers;
    for (let first = 0; first < steps; first += maxSteps) {
      const many = Math.min(maxSteps, steps - first);
      if (count > 0) {
        if (batch.uses(this.numbers)) batch.submit();
        this.gpu.queue.writeBuffer(this.numbers, 0, numbers, first * count, many * count);
      }
      batch.encode(this.touched, (pass) => this.encode(pass, many));
    }
    this.program.outputs.forEach((value, index) => batch.copy(this.pieceOf(value), outputs[index]!));
  }

  /** How many dispatches so many steps take. */
  dispatchesFor(steps: number): number {
    return this.passes[0]?.kind === "whole" ? Math.ceil(steps / maxSteps) : steps * this.passes.length;
  }

  dispose(): void {
    for (const buffer of this.buffers) buffer.destroy();
  }

  private encode(pass: GPUComputePassEncoder, steps: number): void {
    const [whole] = this.passes;
    // A program that runs all steps finds how many they are where the last of them begins.
    if (whole?.kind === "whole") this.dispatch(pass, whole, steps - 1);
    else for (let step = 0; step < steps; step++) for (const bound of this.passes) this.dispatch(pass, bound, step);
  }

  private dispatch(pass: GPUComputePassEncoder, { pipeline, group, workgroups, kind }: BoundPass, step: number): void {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group, [kind === "shader" ? 0 : step * uniformBytes]);
    pass.dispatchWorkgroups(...workgroups);
  }

  private bind({ pipeline, workgroups, shader, isWhole }: ProgramPass): BoundPass {
    const limit = this.gpu.limits.maxComputeWorkgroupsPerDimension;
    const resources = shader ? this.resourcesOf(shader) : this.resourcesOfLevel();
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    return {
      pipeline: pipeline.compute,
      group: this.gpu.createBindGroup({ layout: pipeline.layout, entries }),
      workgroups: foldWorkgroups(workgroups, limit),
      kind: shader ? "shader" : isWhole ? "whole" : "level",
    };
  }

  private resourcesOfLevel(): GPUBufferBinding[] {
    const states = this.compiled.stateBuffers.map((buffer) => ({ buffer }));
    return [{ buffer: this.steps, size: 16 }, { buffer: this.numbers }, { buffer: this.memory }, ...states];
  }

  private resourcesOf({ shader, inputs, result, uniforms }: ShaderStatement): GPUBufferBinding[] {
    const packed = shader.pack(uniforms);
    const buffer = this.buffer(uniformBytes, GPUBufferUsage.UNIFORM);
    this.gpu.queue.writeBuffer(buffer, 0, packed);
    const pieces = [...inputs, result].map((value) => {
      const { buffer: from, offset, bytes } = this.pieceOf(value);
      return { buffer: from, offset, size: Math.max(bytes, 4) };
    });
    return [{ buffer, size: uniformBytes }, ...pieces];
  }

  private pieceOf(value: ValueId): Piece {
    const { place, size } = this.program.values[value]!;
    if (place.kind === "inline") throw new Error("internal: a value without memory");
    if (place.kind === "state") return this.compiled.states[place.index]!;
    return { buffer: this.memory, offset: place.offset * bytesPerElement, bytes: size * bytesPerElement };
  }

  private buffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.gpu.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
    this.buffers.push(buffer);
    return buffer;
  }
}
