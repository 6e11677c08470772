/** Log of plans for inspection. It references neither plans nor their memory. */
import type { Slot } from "../../device/backend";
import type { Executable, ProgramSnapshot, Program, ProgramPart, DryRun } from "../../device/program";
import type { Parameter } from "../../tensor/parameter";

/** Maximum number of freed plans in the log. */
const maxFreed = 8;

/** Entries of plans that are not freed. They are collected with their plans. */
let live: WeakRef<PlanLogEntry>[] = [];
const freed: PlanLogEntry[] = [];
let plans = 0;
let runs = 0;
/** Upper limit of the memory for snapshots of freed plans, in bytes. */
let maxSnapshotBytes = 0;

/**
 * Sets how many bytes of snapshots to retain of plans that are freed, so that their dispatches can still be timed and
 * checked: `fit` frees its plans when it ends. The default is 0.
 */
export function retainFreedPlans(mostBytes: number): void {
  maxSnapshotBytes = mostBytes;
  evictSnapshots();
}

/** Frees the oldest snapshots beyond the limit. */
function evictSnapshots(): void {
  let left = maxSnapshotBytes;
  for (const record of freed.toReversed()) left = record.evictSnapshotAbove(left);
}

/** Log entry of one plan: the closure that recorded it, its program and its number of runs. */
export class PlanLogEntry {
  readonly id = ++plans;
  /** Number of steps run. */
  steps = 0;
  /** Position of its last run in the sequence of all runs. */
  lastRun = 0;
  private readonly parameters: readonly WeakRef<Parameter>[];
  private partsOfFreed: readonly ProgramPart[] | undefined;
  private executable: Executable<Slot> | undefined;
  private snapshot: ProgramSnapshot | undefined;

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
    live = [...live.filter((reference) => reference.deref()), new WeakRef(this)];
  }

  /** The parts of a step in execution order. */
  get parts(): readonly ProgramPart[] {
    return this.partsOfFreed ?? this.executable!.parts();
  }

  /** False once its memory is freed and no snapshot of it remains. */
  get isLive(): boolean {
    return this.executable !== undefined || this.snapshot !== undefined;
  }

  /** Returns the parameter with this variable index; undefined once it was collected. */
  parameterAt(index: number): Parameter | undefined {
    return this.parameters[index]?.deref();
  }

  /** Returns a dry run of the program on copies of its memory; undefined once that is freed. */
  dryRun(): Promise<DryRun> | undefined {
    return (this.executable ?? this.snapshot)?.dryRun();
  }

  countRuns(steps: number): void {
    this.steps += steps;
    this.lastRun = ++runs;
  }

  markFreed(): void {
    if (!this.executable) return;
    const { executable } = this;
    this.executable = undefined;
    this.partsOfFreed = executable.parts();
    if (this.steps === 0) return;
    if (maxSnapshotBytes > 0) this.snapshot = executable.snapshot(maxSnapshotBytes);
    freed.push(this);
    if (freed.length > maxFreed) freed.shift()!.evictSnapshotAbove(0);
    evictSnapshots();
  }

  /** Frees its snapshot if it is larger than `bytes`. Returns the bytes that remain for older ones. */
  evictSnapshotAbove(bytes: number): number {
    const { snapshot } = this;
    if (!snapshot || snapshot.bytes <= bytes) return bytes - (snapshot?.bytes ?? 0);
    snapshot.dispose();
    this.snapshot = undefined;
    return 0;
  }
}

/** Returns the entries of plans that ran, most recent first. */
export function loggedPlans(): PlanLogEntry[] {
  const all = new Set([...freed, ...live.flatMap((reference) => reference.deref() ?? [])]);
  return [...all].filter(({ steps }) => steps > 0).sort((a, b) => b.lastRun - a.lastRun);
}

/** Number of runs of all plans so far. */
export function runCount(): number {
  return runs;
}
