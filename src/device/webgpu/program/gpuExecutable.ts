import { bytesPerElement } from "../../../base/dtype";
import type { Program, ProgramPart, ProgramRun, ValueId } from "../../program";
import type { CommandBatch, VersionedRange, BufferRange } from "../commandBatch";
import { BoundPasses, uniformBytes } from "./boundPasses";
import type { CompiledProgram } from "./compileProgram";

/** Maximum number of steps per submit. */
export const maxSteps = 256;

/** Multiply-adds after which a program is compiled again for speed: about a tenth of a second of work. */
const workBeforeTuning = 2 ** 27;

/** Bind groups and buffers of a program, created once. A run only encodes parts. */
export class GpuExecutable {
  private passes: BoundPasses;
  /** All parts that were bound, because queued work may still use those that were replaced. */
  private readonly allPasses: BoundPasses[] = [];
  private readonly numbers: GPUBuffer;
  private readonly stepUniforms: GPUBuffer;
  private readonly touched: readonly GPUBuffer[];
  /**
   * Contents of the input locations. An input is copied again only if it is another slot or its elements have changed.
   */
  private readonly inputVersions: ({ range: BufferRange; version: number } | undefined)[] = [];
  /** Numbers of the last run, from its first step on. */
  private given = new Uint32Array(0);
  private steps = 0;
  private isTuned = false;
  private isDisposed = false;

  constructor(
    readonly program: Program,
    private compiled: CompiledProgram,
    readonly memory: GPUBuffer,
    private readonly gpu: GPUDevice,
  ) {
    const count = Math.max(program.numbers, 1);
    this.numbers = this.buffer(maxSteps * count * 4, GPUBufferUsage.STORAGE);
    this.stepUniforms = this.buffer(maxSteps * uniformBytes, GPUBufferUsage.UNIFORM);
    const steps = new Uint32Array((maxSteps * uniformBytes) / 4);
    for (let step = 0; step < maxSteps; step++)
      steps.set([step * program.numbers, step + 1, program.numbers], (step * uniformBytes) / 4);
    gpu.queue.writeBuffer(this.stepUniforms, 0, steps);
    this.passes = this.bindPasses(compiled);
    this.touched = [memory, this.numbers, ...compiled.variableBuffers];
  }

  run({ inputs, steps, numbers, outputs }: ProgramRun<VersionedRange>, batch: CommandBatch): void {
    inputs.forEach((input, index) => {
      const present = this.inputVersions[index];
      if (present?.range === input && present.version === input.version) return;
      batch.copy(input, this.rangeOf(this.program.inputs[index]!));
      this.inputVersions[index] = { range: input, version: input.version };
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
    this.program.outputs.forEach((value, index) => batch.copy(this.rangeOf(value), outputs[index]!));
    this.steps += steps;
    if (this.steps * this.compiled.work >= workBeforeTuning) this.tune();
  }

  /** Starts compiling faster parts, once. They replace the current parts when they are ready. */
  private tune(): void {
    const { tune } = this.compiled;
    if (!tune || this.isTuned) return;
    this.isTuned = true;
    // If the device rejects them, the current parts remain.
    void this.replacePasses(tune()).catch(() => undefined);
  }

  private async replacePasses(faster: AsyncIterable<CompiledProgram["passes"]>): Promise<void> {
    for await (const passes of faster) {
      if (this.isDisposed) return;
      this.compiled = { ...this.compiled, passes };
      this.passes = this.bindPasses(this.compiled);
    }
  }

  /** Returns the parts of a step in execution order. */
  parts(): ProgramPart[] {
    return this.passes.parts();
  }

  /** Returns a copy of the numbers of the last run's first step. */
  get lastNumbers(): Uint32Array<ArrayBuffer> {
    return this.given.slice(0, this.program.numbers);
  }

  get variableBuffers(): readonly GPUBuffer[] {
    return this.compiled.variableBuffers;
  }

  /** Bytes of its memory and of the buffers that contain its variables. */
  get memoryBytes(): number {
    return this.variableBuffers.reduce((sum, { size }) => sum + size, this.memory.size);
  }

  /** Returns the same program over other buffers, with the numbers of the last run. */
  withBuffers(memory: GPUBuffer, variableBuffers: readonly GPUBuffer[]): GpuExecutable {
    const { variables } = this.compiled;
    const moved = variables.map((range) => ({
      ...range,
      buffer: variableBuffers[this.variableBuffers.indexOf(range.buffer)]!,
    }));
    const other = new GpuExecutable(
      this.program,
      { ...this.compiled, variableBuffers, variables: moved },
      memory,
      this.gpu,
    );
    other.given = this.lastNumbers;
    this.gpu.queue.writeBuffer(other.numbers, 0, other.given);
    return other;
  }

  /** Encodes one part of the first step `runs` times. */
  encodePart(pass: GPUComputePassEncoder, part: number, runs: number): void {
    for (let run = 0; run < runs; run++) this.passes.encode(pass, part, 0);
  }

  /** Returns the number of dispatches for `steps` steps. */
  dispatchesFor(steps: number): number {
    return this.passes.isSingleWorkgroup ? Math.ceil(steps / maxSteps) : steps * this.passes.dispatchCount;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const passes of this.allPasses) passes.dispose();
    this.numbers.destroy();
    this.stepUniforms.destroy();
  }

  private encode(pass: GPUComputePassEncoder, steps: number): void {
    // A program that runs all steps reads their count from the entry of the last step.
    if (this.passes.isSingleWorkgroup) this.passes.encode(pass, 0, steps - 1);
    else
      for (let step = 0; step < steps; step++)
        for (let index = 0; index < this.passes.length; index++) this.passes.encode(pass, index, step);
  }

  private bindPasses({ passes, variableBuffers }: CompiledProgram): BoundPasses {
    const { stepUniforms, numbers, memory } = this;
    const rangeOf = (value: ValueId) => this.rangeOf(value);
    const bound = new BoundPasses(
      this.gpu,
      { steps: stepUniforms, numbers, memory, variables: variableBuffers, rangeOf },
      passes,
    );
    this.allPasses.push(bound);
    return bound;
  }

  /** Returns the location of a value. */
  rangeOf(value: ValueId): BufferRange {
    const { location, size } = this.program.values[value]!;
    if (location.kind === "inline") throw new Error("internal: a value without memory");
    if (location.kind === "variable") return this.compiled.variables[location.index]!;
    return { buffer: this.memory, offset: location.offset * bytesPerElement, bytes: size * bytesPerElement };
  }

  private buffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    return this.gpu.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
  }
}
