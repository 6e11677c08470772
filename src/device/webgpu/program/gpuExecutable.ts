import { bytesPerElement } from "../../../base/dtype";
import type { Program, ProgramPart, ProgramRun, ValueId } from "../../program";
import type { Batch, ChangingPiece, Piece } from "../batch";
import { BoundPasses, uniformBytes } from "./boundPasses";
import type { CompiledProgram } from "./compileProgram";

/** Steps that one submit may hold. */
export const maxSteps = 256;

/** Multiply-adds that a program has computed when it is worth compiling anew, for speed: a tenth of a second's. */
const workBeforeTuning = 2 ** 27;

/** A program's bind groups and buffers, made once; a run only encodes its passes. */
export class GpuExecutable {
  private passes: BoundPasses;
  /** All that were bound: queued work may still use those that were replaced. */
  private readonly allPasses: BoundPasses[] = [];
  private readonly numbers: GPUBuffer;
  private readonly stepPlaces: GPUBuffer;
  private readonly touched: readonly GPUBuffer[];
  /** The contents of the inputs' places: they are copied when another slot is given, or its elements have changed. */
  private readonly present: ({ piece: Piece; stamp: number } | undefined)[] = [];
  /** The numbers of the last run's first step. */
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

  /** Compiles faster passes beside the work, once; when they are ready they take the place of the first ones. */
  private tune(): void {
    const { tune } = this.compiled;
    if (!tune || this.isTuned) return;
    this.isTuned = true;
    // Where a device refuses them, the first ones stay.
    void tune().then(
      (passes) => {
        if (this.isDisposed) return;
        this.compiled = { ...this.compiled, passes };
        this.passes = this.bound(this.compiled);
      },
      () => undefined,
    );
  }

  /** In the order of dispatches. */
  parts(): ProgramPart[] {
    return this.passes.parts();
  }

  /** The numbers of the last run's first step. */
  get numbersGiven(): Uint32Array<ArrayBuffer> {
    return this.given.slice(0, this.program.numbers);
  }

  get stateBuffers(): readonly GPUBuffer[] {
    return this.compiled.stateBuffers;
  }

  /** Bytes of its memory and of the buffers that its states are in. */
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

  /** Encodes one part of the first step, `runs` times. */
  encodePart(pass: GPUComputePassEncoder, part: number, runs: number): void {
    for (let run = 0; run < runs; run++) this.passes.encode(pass, part, 0);
  }

  /** The number of dispatches of so many steps. */
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
    // A program that runs all steps finds how many they are where the last of them begins.
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

  /** Where a value lies. */
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
