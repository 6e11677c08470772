import { ArgumentError } from "../base/errors";
import { backendOf, openTwin } from "../device/open";
import type { PartTime, ProgramPart } from "../device/program";
import type { Parameter } from "../tensor/parameter";
import { checkPart, type DispatchCheck } from "./checkDispatch";
import { type PlanRecord, planRecords } from "./planRecord";
import { type Touched, touchedBy, type Work, workOf } from "./work";

const phases = { forward: "", gradient: "gradient of ", update: "update of " };

/** `gradient of Dense "hidden": matmul, mul`. */
function describeWork({ owner, phase, ops }: Work): string {
  const of = owner ? `${phases[phase]}${owner.label}: ` : phase === "gradient" ? "gradient: " : "";
  return `${of}${ops.join(", ")}`;
}

/**
 * One thing that a plan runs at every step: on a GPU a dispatch of a compute shader, on the CPU a function of loops.
 * Nothing of it is made before it is asked for.
 */
export class PlanDispatch {
  readonly #record: PlanRecord;
  readonly #part: ProgramPart;
  readonly #touched: Touched;
  /** Its place among the dispatches of a step, from 0. */
  readonly index: number;
  /** What it computes: `Dense "hidden": matmul, add, relu`. */
  readonly title: string;
  /** Of a GPU, in two dimensions; null on the CPU. */
  readonly workgroups: readonly [number, number] | null;
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

  /** The very text that runs. */
  get text(): string {
    return this.#part.text;
  }

  /** Its ops, by the blocks that called them and the parameters that are updated. */
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
   * How long it takes, on copies of what the plan holds now: the least of several measurements of many runs in a row.
   * @throws ArgumentError once the plan's memory was freed.
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
   * Runs it on copies of what the plan holds now, and once more on the CPU from the same values: how far the results are
   * apart at most, and where. What `CPU:0` itself runs is compared with the same in float64.
   * @throws ArgumentError once the plan's memory was freed.
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
      expected: "a plan that is kept",
      got: "one whose memory was freed",
      remedy: "Run the step again, then take its dispatch from plans().",
    });
  }
}

/** A compiled step. */
export class PlanInfo {
  readonly #record: PlanRecord;
  /** The closure that it was recorded in: `minimize()`, `fit()`. */
  readonly closure: string;
  readonly device: string;
  /** How often the step ran so far. */
  readonly steps: number;

  constructor(record: PlanRecord) {
    this.#record = record;
    this.closure = record.closure;
    this.device = record.device;
    this.steps = record.steps;
  }

  /** Its number in the session. */
  get id(): number {
    return this.#record.id;
  }

  /** False once its memory was freed: its texts are still known, but it cannot be tried. */
  get isLive(): boolean {
    return this.#record.isLive;
  }

  /** A count of runs over all plans: what ran later has a larger one. */
  get lastRun(): number {
    return this.#record.lastRun;
  }

  /** How many there are in a step. */
  get dispatchCount(): number {
    return this.#record.parts.length;
  }

  /** What a step runs, in order. */
  get dispatches(): PlanDispatch[] {
    return this.#record.parts.map((part, index) => new PlanDispatch(this.#record, index, part));
  }
}

/**
 * The compiled steps that ran, the last one first: those that are kept, and the last few of those that were freed.
 * Steps that were computed op by op are none: on a GPU a graph is compiled when it comes a second time.
 */
export function plans(): PlanInfo[] {
  return planRecords().map((record) => new PlanInfo(record));
}
