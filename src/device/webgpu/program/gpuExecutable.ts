import { bytesPerElement } from "../../../base/dtype";
import type { Program, ProgramPart, ProgramRun, ValueId } from "../../program";
import type { Batch, ChangingPiece, Piece } from "../batch";
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
  private readonly stepPlaces: GPUBuffer;
  private readonly touched: readonly GPUBuffer[];
  /**
   * Contents of the input locations. An input is copied again only if it is another slot or its elements have changed.
   */
  private readonly present: ({ piece: Piece; stamp: number } | undefined)[] = [];
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
    this.stepPlaces = this.buffer(maxSteps * uniformBytes, GPUBufferUsage.UNIFORM);
    const steps = new Uint32Array((maxSteps * uniformBytes) / 4);
    for (let step = 0; step < maxSteps; step++)
      steps.set([step * program.numbers, step + 1, program.numbers], (step * uniformBytes) / 4);
    gpu.queue.writeBuffer(this.stepPlaces, 0, steps);
    this.passes = this.bound(compiled);
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

  /** Starts compiling faster parts, once. They replace the current parts when they are ready. */
  private tune(): void {
    const { tune } = this.compiled;
    if (!tune || this.isTuned) return;
    this.isTuned = true;
    // If the device rejects them, the current parts remain.
    void tune().then(
      (passes) => {
        if (this.isDisposed) return;
        this.compiled = { ...this.compiled, passes };
        this.passes = this.bound(this.compiled);
      },
      () => undefined,
    );
  }

  /** Returns the parts of a step in execution order. */
  parts(): ProgramPart[] {
    return this.passes.parts();
  }

  /** Returns a copy of the numbers of the last run's first step. */
  get numbersGiven(): Uint32Array<ArrayBuffer> {
    return this.given.slice(0, this.program.numbers);
  }

  get stateBuffers(): readonly GPUBuffer[] {
    return this.compiled.stateBuffers;
  }

  /** Bytes of its memory and of the buffers that contain its variables. */
  get heldBytes(): number {
    return this.stateBuffers.reduce((sum, { size }) => sum + size, this.memory.size);
  }

  /** Returns the same program over other buffers, with the numbers of the last run. */
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

  /** Encodes one part of the first step `runs` times. */
  encodePart(pass: GPUComputePassEncoder, part: number, runs: number): void {
    for (let run = 0; run < runs; run++) this.passes.encode(pass, part, 0);
  }

  /** Returns the number of dispatches for `steps` steps. */
  dispatchesFor(steps: number): number {
    return this.passes.isWhole ? Math.ceil(steps / maxSteps) : steps * this.passes.dispatchCount;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const passes of this.allPasses) passes.dispose();
    this.numbers.destroy();
    this.stepPlaces.destroy();
  }

  private encode(pass: GPUComputePassEncoder, steps: number): void {
    // A program that runs all steps reads their count from the entry of the last step.
    if (this.passes.isWhole) this.passes.encode(pass, 0, steps - 1);
    else
      for (let step = 0; step < steps; step++)
        for (let index = 0; index < this.passes.length; index++) this.passes.encode(pass, index, step);
  }

  private bound({ passes, stateBuffers }: CompiledProgram): BoundPasses {
    const { stepPlaces, numbers, memory } = this;
    const pieceOf = (value: ValueId) => this.pieceOf(value);
    const bound = new BoundPasses(
      this.gpu,
      { steps: stepPlaces, numbers, memory, states: stateBuffers, pieceOf },
      passes,
    );
    this.allPasses.push(bound);
    return bound;
  }

  /** Returns the location of a value. */
  pieceOf(value: ValueId): Piece {
    const { place, size } = this.program.values[value]!;
    if (place.kind === "inline") throw new Error("internal: a value without memory");
    if (place.kind === "state") return this.compiled.states[place.index]!;
    return { buffer: this.memory, offset: place.offset * bytesPerElement, bytes: size * bytesPerElement };
  }

  private buffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    return this.gpu.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
  }
}
