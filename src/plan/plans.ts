import { ArgumentError } from "../base/errors";
import { backendOf, openTwin } from "../device/open";
import type { PartTime, ProgramPart } from "../device/program";
import type { Parameter } from "../tensor/parameter";
import { checkPart, type DispatchCheck } from "./checkDispatch";
import { type PlanRecord, planRecords } from "./planRecord";
import { type Touched, touchedBy, type Work, workOf } from "./work";

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
  readonly #record: PlanRecord;
  readonly #part: ProgramPart;
  readonly #touched: Touched;
  /** Index among the dispatches of a step, from 0. */
  readonly index: number;
  /** What it computes: `Dense "hidden": matmul, add, relu`. */
  readonly title: string;
  /** Workgroups in two dimensions; null on the CPU. */
  readonly workgroups: readonly [number, number] | null;
  /** Language of `text`. */
  readonly language: "wgsl" | "javascript" | "webassembly";

  constructor(record: PlanRecord, index: number, part: ProgramPart) {
    this.#record = record;
    this.#part = part;
    this.#touched = touchedBy(part.levels, record.program);
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
    return workOf(this.#touched.origins);
  }

  /** The parameters that it reads or replaces. */
  get parameters(): Parameter[] {
    const { values } = this.#record.program;
    const touched = new Set([...this.#touched.reads, ...this.#touched.results]);
    const states = [...touched].flatMap((value) => {
      const { place } = values[value]!;
      return place.kind === "state" ? [place.index] : [];
    });
    return [...new Set(states)].flatMap((state) => this.#record.parameterAt(state) ?? []);
  }

  /**
   * Measures its duration on a copy of the plan's memory: the minimum over several measurements, each of
   * many consecutive runs.
   * @returns `milliseconds` of one run, the `method` of measurement, and the number of consecutive `runs`
   * @throws ArgumentError if the plan's memory was freed
   */
  async time(): Promise<PartTime> {
    const trial = await this.#trial("time()");
    try {
      return await trial.time(this.index);
    } finally {
      trial.dispose();
    }
  }

  /**
   * Checks its results: runs it on a copy of the plan's memory, recomputes it on the CPU from the same inputs, and
   * reports the largest differences. The reference is `CPU:0` in float32, or float64 if `CPU:0` itself is checked.
   * @returns the differences, and a `verdict`: `same`, `close` within the rounding of float32, or `different`
   * @throws ArgumentError if the plan's memory was freed
   */
  async check(): Promise<DispatchCheck> {
    const { device, program, parts } = this.#record;
    const float32 = { backend: backendOf("CPU:0"), name: "CPU float32" } as const;
    const float64 = { backend: backendOf(openTwin()), name: "CPU float64" } as const;
    const references = device.startsWith("CPU") ? ([float64, float32] as const) : ([float32, float64] as const);
    const trial = await this.#trial("check()");
    try {
      return await checkPart(this.index, program, parts, trial, references);
    } finally {
      trial.dispose();
    }
  }

  #trial(at: string) {
    const trial = this.#record.trial();
    if (trial) return trial;
    throw new ArgumentError({
      at: `${at} of a dispatch of ${this.#record.closure}`,
      expected: "a live plan",
      got: "one whose memory was freed",
      remedy: "Run the step again, then take its dispatch from plans().",
    });
  }
}

/** A compiled plan. */
export class PlanInfo {
  readonly #record: PlanRecord;
  /** The closure that recorded it: `minimize()`, `fit()`. */
  readonly closure: string;
  /** The device that it runs on: `CPU:0`, `GPU:0`. */
  readonly device: string;
  /** Number of steps run so far. */
  readonly steps: number;

  constructor(record: PlanRecord) {
    this.#record = record;
    this.closure = record.closure;
    this.device = record.device;
    this.steps = record.steps;
  }

  /** Number of the plan within the session. */
  get id(): number {
    return this.#record.id;
  }

  /** False once its memory is freed. Its source is still available, but it cannot be timed or checked. */
  get isLive(): boolean {
    return this.#record.isLive;
  }

  /** Position of its last run in the sequence of all runs; larger is more recent. */
  get lastRun(): number {
    return this.#record.lastRun;
  }

  /** Number of dispatches per step. */
  get dispatchCount(): number {
    return this.#record.parts.length;
  }

  /** The dispatches of a step, in execution order. */
  get dispatches(): PlanDispatch[] {
    return this.#record.parts.map((part, index) => new PlanDispatch(this.#record, index, part));
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
  return planRecords().map((record) => new PlanInfo(record));
}
