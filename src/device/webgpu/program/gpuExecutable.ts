import { bytesPerElement } from "../../../base/dtype";
import type { Job, Program, ProgramPart, ProgramRun, ShaderStatement, ValueId } from "../../program";
import { type Batch, type ChangingPiece, foldWorkgroups, type Piece } from "../batch";
import type { CompiledProgram, ProgramPass } from "./compileProgram";

/** Steps that one submit may hold. */
export const maxSteps = 256;
/** The alignment that every device allows for dynamic offsets. */
const uniformBytes = 256;

/** Multiply-adds that a program has computed when it is worth compiling anew, for speed: a tenth of a second's. */
const workBeforeTuning = 2 ** 27;

interface BoundPass {
  readonly pipeline: GPUComputePipeline;
  readonly text: string;
  readonly levels: readonly (readonly Job[])[];
  readonly group: GPUBindGroup;
  readonly workgroups: readonly [number, number];
  readonly kind: "level" | "whole" | "shader";
}

/** A program's bind groups and buffers, made once; a run only encodes its passes. */
export class GpuExecutable {
  private readonly passes: BoundPass[];
  private readonly buffers: GPUBuffer[] = [];
  private readonly numbers: GPUBuffer;
  private readonly places: GPUBuffer;
  private readonly touched: readonly GPUBuffer[];
  /** What is in the places of the inputs now: they are copied when another slot is given, or its elements have changed. */
  private readonly present: ({ piece: Piece; stamp: number } | undefined)[] = [];
  /** The numbers of the last run's first step. */
  private given = new Uint32Array(0);
  private steps = 0;
  private isTuned = false;

  constructor(
    readonly program: Program,
    private compiled: CompiledProgram,
    readonly memory: GPUBuffer,
    private readonly gpu: GPUDevice,
  ) {
    const count = Math.max(program.numbers, 1);
    this.numbers = this.buffer(maxSteps * count * 4, GPUBufferUsage.STORAGE);
    this.places = this.buffer(maxSteps * uniformBytes, GPUBufferUsage.UNIFORM);
    const steps = new Uint32Array((maxSteps * uniformBytes) / 4);
    for (let step = 0; step < maxSteps; step++)
      steps.set([step * program.numbers, step + 1, program.numbers], (step * uniformBytes) / 4);
    gpu.queue.writeBuffer(this.places, 0, steps);
    this.passes = compiled.passes.map((pass) => this.bind(pass));
    this.touched = [memory, this.numbers, ...compiled.stateBuffers];
  }

  run({ inputs, steps, numbers, outputs }: ProgramRun<ChangingPiece>, batch: Batch): void {
    inputs.forEach((input, index) => {
      const present = this.present[index];
      if (present?.piece === input && present.stamp === input.stamp) return;
      batch.copy(input, this.pieceOf(this.program.inputs[index]!));
      this.present[index] = { piece: input, stamp: input.stamp };
    });
    const count = this.program.numbers;
    this.given = numbers;
    for (let first = 0; first < steps; first += maxSteps) {
      const many = Math.min(maxSteps, steps - first);
      if (count > 0) {
        if (batch.uses(this.numbers)) batch.submit();
        this.gpu.queue.writeBuffer(this.numbers, 0, numbers, first * count, many * count);
      }
      batch.encode(this.touched, (pass) => this.encode(pass, many));
    }
    this.program.outputs.forEach((value, index) => batch.copy(this.pieceOf(value), outputs[index]!));
    this.steps += steps;
    if (this.steps * this.compiled.work >= workBeforeTuning) this.tune();
  }

  /** Compiles faster passes beside the work, once; from when they are there they take the place of the first ones. */
  private tune(): void {
    const { tune } = this.compiled;
    if (!tune || this.isTuned) return;
    this.isTuned = true;
    // Where a device refuses them the first ones do.
    void tune().then(
      (passes) => {
        this.compiled = { ...this.compiled, passes };
        passes.forEach((pass, index) => this.replace(index, pass));
      },
      () => undefined,
    );
  }

  /** Bindings stay as they are. */
  private replace(index: number, { pipeline, workgroups }: ProgramPass): void {
    const { compute, text } = pipeline;
    this.passes[index] = { ...this.passes[index]!, pipeline: compute, text, workgroups: this.folded(workgroups) };
  }

  /** In the order of dispatches. */
  parts(): ProgramPart[] {
    return this.passes.map(({ text, workgroups, levels }) => ({ language: "wgsl", text, workgroups, levels }));
  }

  /** The numbers of the last run's first step. */
  get numbersGiven(): Uint32Array<ArrayBuffer> {
    return this.given.slice(0, this.program.numbers);
  }

  get stateBuffers(): readonly GPUBuffer[] {
    return this.compiled.stateBuffers;
  }

  /** Of its memory and of the buffers that its states are in. */
  get heldBytes(): number {
    return this.stateBuffers.reduce((sum, { size }) => sum + size, this.memory.size);
  }

  /** The same program on other buffers, with the numbers of the last run. */
  over(memory: GPUBuffer, stateBuffers: readonly GPUBuffer[]): GpuExecutable {
    const { states } = this.compiled;
    const moved = states.map((piece) => ({
      ...piece,
      buffer: stateBuffers[this.stateBuffers.indexOf(piece.buffer)]!,
    }));
    const other = new GpuExecutable(this.program, { ...this.compiled, stateBuffers, states: moved }, memory, this.gpu);
    other.given = this.numbersGiven;
    this.gpu.queue.writeBuffer(other.numbers, 0, other.given);
    return other;
  }

  /** Encodes one part of the first step, so often. */
  encodePart(pass: GPUComputePassEncoder, part: number, runs: number): void {
    for (let run = 0; run < runs; run++) this.dispatch(pass, this.passes[part]!, 0);
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

  private bind({ pipeline, workgroups, shader, isWhole, levels }: ProgramPass): BoundPass {
    const resources = shader ? this.resourcesOf(shader) : this.resourcesOfLevel();
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    return {
      pipeline: pipeline.compute,
      text: pipeline.text,
      levels,
      group: this.gpu.createBindGroup({ layout: pipeline.layout, entries }),
      workgroups: this.folded(workgroups),
      kind: shader ? "shader" : isWhole ? "whole" : "level",
    };
  }

  private folded(workgroups: number): [x: number, y: number] {
    return foldWorkgroups(workgroups, this.gpu.limits.maxComputeWorkgroupsPerDimension);
  }

  private resourcesOfLevel(): GPUBufferBinding[] {
    const states = this.compiled.stateBuffers.map((buffer) => ({ buffer }));
    return [{ buffer: this.places, size: 16 }, { buffer: this.numbers }, { buffer: this.memory }, ...states];
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

  /** Where a value lies. */
  pieceOf(value: ValueId): Piece {
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
