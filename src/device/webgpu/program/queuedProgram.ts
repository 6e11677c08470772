import { bytesPerElement } from "../../../base/dtype";
import type { Slot } from "../../backend";
import type { Counters } from "../../counters";
import type { Line } from "../../line";
import type { Executable, KeptProgram, Program, ProgramPart, ProgramRun, Trial } from "../../program";
import type { Batch, ChangingPiece } from "../batch";
import type { Lease } from "../buffers";
import type { CompiledProgram } from "./compileProgram";
import { GpuExecutable } from "./gpuExecutable";
import { GpuTrial, type TrialDevice } from "./gpuTrial";

/** A slot on the GPU: part of a leased buffer. */
export interface GpuSlot extends Slot, ChangingPiece {
  readonly lease: Lease;
}

export interface ProgramDevice extends TrialDevice {
  readonly line: Line;
  readonly batch: Batch;
  readonly counters: Counters;
  throwIfLost(): void;
}

function nothing(): void {}

/**
 * A compiled program whose runs are queued. It retains its memory and the buffers of its variables until it is
 * disposed, even if their slots are freed earlier, so that copies can be taken until then.
 */
export class QueuedProgram implements Executable<GpuSlot> {
  private readonly executable: GpuExecutable;
  private readonly bytes: number;

  /**
   * @param memory released on disposal
   * @param states slots of its variables, already retained for the program; released on disposal
   */
  constructor(
    program: Program,
    compiled: CompiledProgram,
    private readonly memory: Lease,
    private readonly states: readonly GpuSlot[],
    private readonly device: ProgramDevice,
  ) {
    this.bytes = program.memorySize * bytesPerElement;
    this.executable = new GpuExecutable(program, compiled, memory.buffer, device.gpu);
    device.counters.allocated(this.bytes);
  }

  run(run: ProgramRun<GpuSlot>): void {
    const { line, batch, counters } = this.device;
    this.device.throwIfLost();
    counters.dispatches += this.executable.dispatchesFor(run.steps);
    line.run(() => {
      this.executable.run(run, batch);
      for (const state of this.states) state.stamp++;
    });
  }

  parts(): readonly ProgramPart[] {
    return this.executable.parts();
  }

  trial(): Promise<Trial> {
    return this.device.line.after(() => GpuTrial.of(this.executable, this.device));
  }

  keep(mostBytes: number): KeptProgram | undefined {
    const bytes = this.executable.heldBytes;
    if (bytes > mostBytes) return undefined;
    const kept = this.device.line.after(() => GpuTrial.of(this.executable, this.device));
    // A failure is reported to the caller that requests a dry run.
    kept.catch(nothing);
    const dispose = () => void kept.then((trial) => trial.dispose(), nothing);
    return { bytes, trial: async () => (await kept).copy(), dispose };
  }

  dispose(): void {
    const { line, batch, counters } = this.device;
    counters.freed(this.bytes);
    line.run(() => {
      // Pending work still uses its buffers.
      if (batch.uses(this.memory.buffer)) batch.submit();
      this.executable.dispose();
    });
    this.memory.release();
    for (const { lease } of this.states) lease.release();
  }
}
