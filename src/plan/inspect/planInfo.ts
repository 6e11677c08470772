import { ArgumentError } from "../../base/errors";
import { backendOf, openJittered, openTwin } from "../../device/open";
import type { PartTime, ProgramPart } from "../../device/program";
import type { Parameter } from "../../tensor/parameter";
import type { DispatchCheck, References } from "./checkDispatch";
import { type PlanLogEntry, loggedPlans } from "./planLog";
import { type AccessedValues, accessedBy, type Work, workOf } from "./work";

const phases = { forward: "", gradient: "gradient of ", update: "update of " };

/** Formats an op list: `gradient of Dense "hidden": matmul, mul`. */
function describeWork({ owner, phase, ops }: Work): string {
  const of = owner ? `${phases[phase]}${owner.label}: ` : phase === "gradient" ? "gradient: " : "";
  return `${of}${ops.join(", ")}`;
}

/**
 * One part of a plan: on a GPU the dispatch of a compute shader, on the CPU a function. Its fields are computed on access.
 */
export class PlanDispatch {
  readonly #entry: PlanLogEntry;
  readonly #part: ProgramPart;
  readonly #accessed: AccessedValues;
  /** Index among the dispatches of a step, from 0. */
  readonly index: number;
  /** What it computes: `Dense "hidden": matmul, add, relu`. */
  readonly title: string;
  /** Workgroups in two dimensions; null on the CPU. */
  readonly workgroups: readonly [number, number] | null;
  /** Language of `text`. */
  readonly language: "wgsl" | "javascript" | "webassembly";

  constructor(entry: PlanLogEntry, index: number, part: ProgramPart) {
    this.#entry = entry;
    this.#part = part;
    this.#accessed = accessedBy(part.levels, entry.program);
    this.index = index;
    this.title = this.work.map(describeWork).join("; ") || "copy";
    this.workgroups = part.workgroups ?? null;
    this.language = part.language;
  }

  /** The exact source that runs; for WebAssembly, a readable listing. */
  get text(): string {
    return this.#part.text;
  }

  /** Its ops, grouped by the block that called them or the parameter that they update. */
  get work(): Work[] {
    return workOf(this.#accessed.origins);
  }

  /** The parameters that it reads or replaces. */
  get parameters(): Parameter[] {
    const { values } = this.#entry.program;
    const touched = new Set([...this.#accessed.reads, ...this.#accessed.results]);
    const variables = [...touched].flatMap((value) => {
      const { location } = values[value]!;
      return location.kind === "variable" ? [location.index] : [];
    });
    return [...new Set(variables)].flatMap((variable) => this.#entry.parameterAt(variable) ?? []);
  }

  /**
   * Measures its duration on a copy of the plan's memory: the minimum over several measurements, each of
   * many consecutive runs.
   * @returns `milliseconds` of one run, the `method` of measurement, and the number of consecutive `runs`
   * @throws ArgumentError if the plan's memory was freed
   */
  async time(): Promise<PartTime> {
    const dryRun = await this.#dryRun("time()");
    try {
      return await dryRun.time(this.index);
    } finally {
      dryRun.dispose();
    }
  }

  /**
   * Checks its results: runs it on a copy of the plan's memory, recomputes it on the CPU from the same inputs, and
   * reports the largest differences. The reference is `CPU:0` in float32, or float64 if `CPU:0` itself is checked.
   * @returns the differences, and a `verdict`: `same`, `close` within the rounding of float32, or `different`
   * @throws ArgumentError if the plan's memory was freed
   */
  async check(): Promise<DispatchCheck> {
    const { device, program, parts } = this.#entry;
    const [float32, float64] = [backendOf("CPU:0"), backendOf(openTwin())];
    const jittered = backendOf(openJittered());
    const references: References = device.startsWith("CPU")
      ? { reference: { backend: float64, name: "CPU float64" }, other: float32, jittered }
      : { reference: { backend: float32, name: "CPU float32" }, other: float64, jittered };
    const dryRun = await this.#dryRun("check()");
    try {
      const { checkPart } = await import("./checkDispatch");
      return await checkPart(this.index, program, parts, dryRun, references);
    } finally {
      dryRun.dispose();
    }
  }

  #dryRun(at: string) {
    const dryRun = this.#entry.dryRun();
    if (dryRun) return dryRun;
    throw new ArgumentError({
      at: `${at} of a dispatch of ${this.#entry.closure}`,
      expected: "a live plan",
      got: "one whose memory was freed",
      remedy: "Run the step again, then take its dispatch from plans().",
    });
  }
}

/** A compiled plan. */
export class PlanInfo {
  readonly #entry: PlanLogEntry;
  /** The closure that recorded it: `minimize()`, `fit()`. */
  readonly closure: string;
  /** The device that it runs on: `CPU:0`, `GPU:0`. */
  readonly device: string;
  /** Number of steps run so far. */
  readonly steps: number;

  constructor(entry: PlanLogEntry) {
    this.#entry = entry;
    this.closure = entry.closure;
    this.device = entry.device;
    this.steps = entry.steps;
  }

  /** Number of the plan within the session. */
  get id(): number {
    return this.#entry.id;
  }

  /** False once its memory is freed. Its source is still available, but it cannot be timed or checked. */
  get isLive(): boolean {
    return this.#entry.isLive;
  }

  /** Position of its last run in the sequence of all runs; larger is more recent. */
  get lastRun(): number {
    return this.#entry.lastRun;
  }

  /** Number of dispatches per step. */
  get dispatchCount(): number {
    return this.#entry.parts.length;
  }

  /** The dispatches of a step, in execution order. */
  get dispatches(): PlanDispatch[] {
    return this.#entry.parts.map((part, index) => new PlanDispatch(this.#entry, index, part));
  }
}

/**
 * Returns the compiled plans that ran, most recent first: those that are cached and the last 8 that were freed. A
 * computation that ran op by op has no plan. `GPU:0` compiles a graph when it occurs for the second time, except in
 * `fit` and `{ replay: true }`, which compile at once.
 *
 * @example
 * const size = compileFunction((x: Tensor) => x.neg().abs(), { replay: true });
 * await size(tensor([1, -2]));
 * const plan = plans()[0];
 * plan.closure; // => "compileFunction()"
 * plan.dispatches.map(({ title }) => title); // => ["neg, abs"]
 * const { verdict } = await plan.dispatches[0].check();
 * verdict; // => "same"
 */
export function plans(): PlanInfo[] {
  return loggedPlans().map((entry) => new PlanInfo(entry));
}
