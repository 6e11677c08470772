/** The compiler of programs for the CPU. Its backend loads this module when it compiles its first program. */
import { bytesPerElement } from "../../../base/dtype";
import type { Backend } from "../../backend";
import type { Counters } from "../../counters";
import type { Executable, Program } from "../../program";
import type { SerialQueue } from "../../serialQueue";
import type { CpuSlot } from "../slots";
import { CpuDryRun } from "./cpuDryRun";
import { CpuExecutable, type CpuRuntime, type MemoryImage } from "./cpuExecutable";

/** Services of the CPU backend for its queued programs. */
export interface ProgramRuntime extends CpuRuntime {
  readonly queue: SerialQueue;
  readonly counters: Counters;
  allocateTogether(list: Parameters<Backend["allocateTogether"]>[0], at: string): CpuSlot[];
  free(slot: CpuSlot): void;
}

/** Compiles a program whose runs are queued. @throws DeviceMemoryError naming `at`. */
export function compileForCpu(
  program: Program,
  variables: readonly CpuSlot[],
  runtime: ProgramRuntime,
  at: string,
): Executable<CpuSlot> {
  const { queue, counters } = runtime;
  const executable = new CpuExecutable(program, variables, runtime, at);
  const { levels } = program;
  return {
    run: (run) => {
      counters.dispatches += levels.length * run.steps;
      queue.run(() => executable.run(run));
    },
    parts: () => executable.parts(),
    dryRun: async () => {
      await queue.drain();
      return dryRunOf(executable, executable.copyMemory(), runtime);
    },
    snapshot: (mostBytes) => {
      const size = variables.reduce((sum, variable) => sum + variable.size, program.memorySize);
      const bytes = size * bytesPerElement;
      if (bytes > mostBytes) return undefined;
      const memoryCopy = queue.runForResult(() => executable.copyMemory());
      return { bytes, dryRun: async () => dryRunOf(executable, await memoryCopy, runtime), dispose: () => undefined };
    },
    dispose: () => queue.run(() => executable.dispose()),
  };
}

function dryRunOf(executable: CpuExecutable, memoryCopy: MemoryImage, runtime: ProgramRuntime): CpuDryRun {
  const at = "a copy to try a program on";
  const copies = runtime.allocateTogether(executable.program.variables, at);
  const free = () => copies.forEach((slot) => runtime.free(slot));
  try {
    const copy = executable.cloneWith(memoryCopy, copies, at);
    return new CpuDryRun(copy, () => {
      copy.dispose();
      free();
    });
  } catch (error) {
    free();
    throw error;
  }
}
