import { bytesPerElement } from "../../../base/dtype";
import type { Slot } from "../../backend";
import type { Counters } from "../../counters";
import type { SerialQueue } from "../../serialQueue";
import type { Executable, ProgramSnapshot, Program, ProgramPart, ProgramRun, DryRun } from "../../program";
import type { CommandBatch, VersionedRange } from "../commandBatch";
import type { Lease } from "../bufferPool";
import type { CompiledProgram } from "./compileProgram";
import { GpuExecutable } from "./gpuExecutable";
import { GpuDryRun, type DryRunDevice } from "./gpuDryRun";

/** A slot on the GPU: part of a leased buffer. */
export interface GpuSlot extends Slot, VersionedRange {
  readonly lease: Lease;
}

export interface ProgramDevice extends DryRunDevice {
  readonly queue: SerialQueue;
  readonly batch: CommandBatch;
  readonly counters: Counters;
  throwIfLost(): void;
}

function ignore(): void {}

/**
 * A compiled program whose runs are queued. It retains its memory and the buffers of its variables until it is
 * disposed, even if their slots are freed earlier, so that copies can be taken until then.
 */
export class QueuedProgram implements Executable<GpuSlot> {
  private readonly executable: GpuExecutable;
  private readonly bytes: number;

  /**
   * @param memory released on disposal
   * @param variables slots of its variables, already retained for the program; released on disposal
   */
  constructor(
    program: Program,
    compiled: CompiledProgram,
    private readonly memory: Lease,
    private readonly variables: readonly GpuSlot[],
    private readonly device: ProgramDevice,
  ) {
    this.bytes = program.memorySize * bytesPerElement;
    this.executable = new GpuExecutable(program, compiled, memory.buffer, device.gpu);
    device.counters.countAllocation(this.bytes);
  }

  run(run: ProgramRun<GpuSlot>): void {
    const { queue, batch, counters } = this.device;
    this.device.throwIfLost();
    counters.dispatches += this.executable.dispatchesFor(run.steps);
    queue.run(() => {
      this.executable.run(run, batch);
      for (const variable of this.variables) variable.version++;
    });
  }

  parts(): readonly ProgramPart[] {
    return this.executable.parts();
  }

  dryRun(): Promise<DryRun> {
    return this.device.queue.runForResult(() => GpuDryRun.create(this.executable, this.device));
  }

  snapshot(mostBytes: number): ProgramSnapshot | undefined {
    const bytes = this.executable.memoryBytes;
    if (bytes > mostBytes) return undefined;
    const copied = this.device.queue.runForResult(() => GpuDryRun.create(this.executable, this.device));
    // A failure is reported to the caller that requests a dry run.
    copied.catch(ignore);
    const dispose = () => void copied.then((trial) => trial.dispose(), ignore);
    return { bytes, dryRun: async () => (await copied).copy(), dispose };
  }

  dispose(): void {
    const { queue, batch, counters } = this.device;
    counters.countFree(this.bytes);
    queue.run(() => {
      // Pending work still uses its buffers.
      if (batch.uses(this.memory.buffer)) batch.submit();
      this.executable.dispose();
    });
    this.memory.release();
    for (const { lease } of this.variables) lease.release();
  }
}
