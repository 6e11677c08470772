import type { Elements } from "../../backend";
import type { PartTime, DryRun, ValueId } from "../../program";
import { timeRuns } from "../../timeRuns";
import type { CpuExecutable } from "./cpuExecutable";

/** Dry run of a program on copies of its memory, job by job. */
export class CpuDryRun implements DryRun {
  readonly numbers: Uint32Array<ArrayBuffer>;

  constructor(
    private readonly executable: CpuExecutable,
    readonly dispose: () => void,
  ) {
    this.numbers = executable.numbers;
  }

  async valuesAround(part: number, values: readonly ValueId[]): Promise<{ before: Elements[]; after: Elements[] }> {
    this.runUpTo(part);
    const before = values.map((value) => this.executable.copyOfValue(value));
    this.executable.runPart(part);
    return { before, after: values.map((value) => this.executable.copyOfValue(value)) };
  }

  async time(part: number): Promise<PartTime> {
    this.runUpTo(part);
    const timed = await timeRuns((runs) => {
      const start = performance.now();
      for (let run = 0; run < runs; run++) this.executable.runPart(part);
      return performance.now() - start;
    });
    return { ...timed, method: "clock" };
  }

  private runUpTo(part: number): void {
    for (let earlier = 0; earlier < part; earlier++) this.executable.runPart(earlier);
  }
}
