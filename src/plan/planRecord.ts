/** Log of plans for inspection. It references neither plans nor their memory. */
import type { Slot } from "../device/backend";
import type { Executable, KeptProgram, Program, ProgramPart, Trial } from "../device/program";
import type { Parameter } from "../tensor/parameter";

/** Maximum number of freed plans in the log. */
const maxFreed = 8;

/** Entries of plans that are not freed. They are collected with their plans. */
let living: WeakRef<PlanRecord>[] = [];
const freed: PlanRecord[] = [];
let plans = 0;
let runs = 0;
/** Upper limit of the memory for snapshots of freed plans, in bytes. */
let mostKeptBytes = 0;

/**
 * Sets how many bytes of snapshots to retain of plans that are freed, so that their dispatches can still be timed and
 * checked: `fit` frees its plans when it ends. The default is 0.
 */
export function keepFreedPlans(mostBytes: number): void {
  mostKeptBytes = mostBytes;
  letGo();
}

/** Frees the oldest snapshots beyond the limit. */
function letGo(): void {
  let left = mostKeptBytes;
  for (const record of freed.toReversed()) left = record.keepWithin(left);
}

/** Log entry of one plan: the closure that recorded it, its program and its number of runs. */
export class PlanRecord {
  readonly id = ++plans;
  /** Number of steps run. */
  steps = 0;
  /** Position of its last run in the sequence of all runs. */
  lastRun = 0;
  private readonly parameters: readonly WeakRef<Parameter>[];
  private remains: readonly ProgramPart[] | undefined;
  private executable: Executable<Slot> | undefined;
  private kept: KeptProgram | undefined;

  constructor(
    /** The closure, as errors name it: `minimize()`. */
    readonly closure: string,
    readonly device: string,
    readonly program: Program,
    parameters: readonly Parameter[],
    executable: Executable<Slot>,
  ) {
    this.parameters = parameters.map((parameter) => new WeakRef(parameter));
    this.executable = executable;
    living = [...living.filter((reference) => reference.deref()), new WeakRef(this)];
  }

  /** The parts of a step in execution order. */
  get parts(): readonly ProgramPart[] {
    return this.remains ?? this.executable!.parts();
  }

  /** False once its memory is freed and no snapshot of it remains. */
  get isLive(): boolean {
    return this.executable !== undefined || this.kept !== undefined;
  }

  /** Returns the parameter with this variable index; undefined once it was collected. */
  parameterAt(index: number): Parameter | undefined {
    return this.parameters[index]?.deref();
  }

  /** Returns a dry run of the program on copies of its memory; undefined once that is freed. */
  trial(): Promise<Trial> | undefined {
    return (this.executable ?? this.kept)?.trial();
  }

  ran(steps: number): void {
    this.steps += steps;
    this.lastRun = ++runs;
  }

  freed(): void {
    if (!this.executable) return;
    const { executable } = this;
    this.executable = undefined;
    this.remains = executable.parts();
    if (this.steps === 0) return;
    if (mostKeptBytes > 0) this.kept = executable.keep(mostKeptBytes);
    freed.push(this);
    if (freed.length > maxFreed) freed.shift()!.keepWithin(0);
    letGo();
  }

  /** Frees its snapshot if it is larger than `bytes`. Returns the bytes that remain for older ones. */
  keepWithin(bytes: number): number {
    const { kept } = this;
    if (!kept || kept.bytes <= bytes) return bytes - (kept?.bytes ?? 0);
    kept.dispose();
    this.kept = undefined;
    return 0;
  }
}

/** Returns the entries of plans that ran, most recent first. */
export function planRecords(): PlanRecord[] {
  const all = new Set([...freed, ...living.flatMap((reference) => reference.deref() ?? [])]);
  return [...all].filter(({ steps }) => steps > 0).sort((a, b) => b.lastRun - a.lastRun);
}

/** Number of runs of all plans so far. */
export function runsSoFar(): number {
  return runs;
}
