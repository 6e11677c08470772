/** What is remembered of plans, so that they can be looked at: nothing here holds a plan or its memory. */
import type { Slot } from "../device/backend";
import type { Executable, KeptProgram, Program, ProgramPart, Trial } from "../device/program";
import type { Parameter } from "../tensor/parameter";

/** Plans whose memory was freed are still known by their texts: the last few. */
const maxFreed = 8;

/** Each as long as its plan is there. */
let living: WeakRef<PlanRecord>[] = [];
const freed: PlanRecord[] = [];
let plans = 0;
let runs = 0;
/** Bytes for copies of what freed plans held. */
let mostKeptBytes = 0;

/**
 * Keeps copies of what the last plans held when they were freed, in so many bytes at most, so that their dispatches can
 * still be timed and checked: those of `fit` are freed at its end. Nothing by default.
 */
export function keepFreedPlans(mostBytes: number): void {
  mostKeptBytes = mostBytes;
  letGo();
}

/** The oldest copies go first. */
function letGo(): void {
  let left = mostKeptBytes;
  for (const record of freed.toReversed()) left = record.keepWithin(left);
}

/** One plan: where it was recorded, what it runs and how often it did. */
export class PlanRecord {
  readonly id = ++plans;
  /** How often the step ran. */
  steps = 0;
  /** When it last ran, by a count over all plans. */
  lastRun = 0;
  private readonly parameters: readonly WeakRef<Parameter>[];
  private remains: readonly ProgramPart[] | undefined;
  private executable: Executable<Slot> | undefined;
  private kept: KeptProgram | undefined;

  constructor(
    /** As an error names it: `minimize()`. */
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

  /** In the order in which a step runs them. */
  get parts(): readonly ProgramPart[] {
    return this.remains ?? this.executable!.parts();
  }

  /** False once its memory was freed, and no copy of it is kept. */
  get isLive(): boolean {
    return this.executable !== undefined || this.kept !== undefined;
  }

  /** The parameter that is state number `index`; undefined once it is gone. */
  parameterAt(index: number): Parameter | undefined {
    return this.parameters[index]?.deref();
  }

  /** The program on copies of what it holds; undefined once that was freed. */
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

  /** Lets go of its copy where that takes more than so many bytes. Returns how many are left. */
  keepWithin(bytes: number): number {
    const { kept } = this;
    if (!kept || kept.bytes <= bytes) return bytes - (kept?.bytes ?? 0);
    kept.dispose();
    this.kept = undefined;
    return 0;
  }
}

/** The plans that ran, the last one first. */
export function planRecords(): PlanRecord[] {
  const all = new Set([...freed, ...living.flatMap((reference) => reference.deref() ?? [])]);
  return [...all].filter(({ steps }) => steps > 0).sort((a, b) => b.lastRun - a.lastRun);
}

/** A count of runs: what ran later has a larger one. */
export function runsSoFar(): number {
  return runs;
}
