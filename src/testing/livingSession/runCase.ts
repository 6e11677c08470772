/** Runs one case on GPU:0 and CPU:0 and judges the results. */
import { NotFiniteError, setSeed } from "../../index";
import { openJittered, setDefaultDevice } from "../../device/open";
import { zeros } from "../../tensor/creation";
import { ActionError, runActions } from "./actions";
import { metricMakers } from "./build";
import { compareObservations } from "./compare";
import { Draw } from "./draw";
import type { SessionAction, Case } from "./casePlans";
import { type CaseData, drawData, type StartWeights, Trained, valuesOf } from "./trained";

export interface Verdict {
  kind: "same" | "sensitive" | "difference" | "error";
  message: string;
}

/** Share of a difference that rounding of the weights must reproduce for the model to count as sensitive. */
const asMuch = 0.25;
/** Draws per kind of rounding. */
const nudges = 4;

/** Returns the metrics that accept these labels and predictions. */
function fittingMetrics({ metrics }: Case, { y }: CaseData, output: readonly number[], rows: number): string[] {
  return metrics.filter((name) => {
    try {
      const yTrue = zeros(y.shape, { dtype: y.dtype, device: "CPU:0" });
      const value = metricMakers[name]!(yTrue, zeros([rows, ...output], { device: "CPU:0" }));
      return value.shape.length === 0;
    } catch {
      return false;
    }
  });
}

type Nudge = (weights: StartWeights, draw: Draw) => StartWeights;

/** Moves one random nonzero weight by one ulp, the smallest possible change. */
function nudgeOne(weights: StartWeights, draw: Draw): StartWeights {
  const places = weights.flatMap((values, weight) =>
    values instanceof Float32Array ? Array.from(values, (value, index) => ({ weight, index, value })) : [],
  );
  const usable = places.filter(({ value }) => value !== 0);
  const { weight, index } = draw.pick(usable.length > 0 ? usable : places);
  const copy = weights.map((values) => values.slice());
  const bits = new Int32Array(copy[weight]!.buffer);
  bits[index] = bits[index]! + 1;
  return copy;
}

/**
 * Moves every nonzero weight by one ulp up or down. If a gradient is zero except for rounding, as with attention over a
 * single time step whose kernels are all ones, optimizers like Adam divide it by its own size, and its sign becomes a
 * whole step. One ulp of one weight may leave all such signs unchanged, whereas the rounding of every sum, in which two
 * devices differ, does not. Under sgd such a model is equal on both devices, and a wrong gradient is far from the
 * effect of these nudges.
 */
function nudgeAll(weights: StartWeights, draw: Draw): StartWeights {
  return weights.map((values) => {
    const copy = values.slice();
    if (!(copy instanceof Float32Array)) return copy;
    const bits = new Int32Array(copy.buffer);
    for (const [index, value] of copy.entries()) if (value !== 0) bits[index]! += draw.chance(0.5) ? 1 : -1;
    return copy;
  });
}

/** A case within the session: its models on both devices, with the same weights and data. */
export class LivingCase {
  private gpu!: Trained;
  private cpu!: Trained;
  private start!: StartWeights;
  private readonly data: CaseData;
  private readonly metrics: string[];
  /** Actions performed so far. */
  private done: [actions: readonly SessionAction[], seed: number][] = [];

  constructor(readonly plan: Case) {
    this.data = drawData(plan);
    this.metrics = fittingMetrics(plan, this.data, plan.model.output, plan.rows);
  }

  private make(device: string): Trained {
    setSeed(this.plan.seed);
    return new Trained(this.plan, device, this.data, this.metrics);
  }

  async begin(): Promise<Verdict> {
    try {
      this.cpu = await on("CPU:0", async () => this.make("CPU:0"));
      this.start = await valuesOf(this.cpu.net);
      await on("CPU:0", () => this.cpu.start(this.start));
      await on("GPU:0", async () => {
        this.gpu = this.make("GPU:0");
        await this.gpu.start(this.start);
      });
    } catch (error) {
      return { kind: "error", message: `at creation: ${String(error)}` };
    }
    return this.go(this.plan.actions, this.plan.seed);
  }

  /** Runs the later actions, after other cases. */
  continue(): Promise<Verdict> {
    return this.go(this.plan.later, this.plan.seed + 1e6);
  }

  private async go(actions: readonly SessionAction[], seed: number): Promise<Verdict> {
    this.done.push([actions, seed]);
    const gpuError = await attempt(() => on("GPU:0", () => runActions(this.gpu, actions, seed)));
    const cpuError = await attempt(() => on("CPU:0", () => runActions(this.cpu, actions, seed)));
    if (gpuError || cpuError) return this.judgeErrors(gpuError, cpuError);
    const faults = [...this.gpu.faults.splice(0), ...this.cpu.faults.splice(0)];
    if (faults.length > 0) return { kind: "error", message: faults.join("; ") };
    return this.judge();
  }

  /** If both devices fail in the same action with values that are not finite, the model itself diverged. */
  private judgeErrors(gpuError: ActionError | undefined, cpuError: ActionError | undefined): Verdict {
    const isNotFinite = [gpuError, cpuError].every((error) => error?.cause instanceof NotFiniteError);
    if (isNotFinite && gpuError!.action.do === cpuError!.action.do) return { kind: "same", message: "not finite" };
    const told = [gpuError && `GPU:0 ${gpuError.message}`, cpuError && `CPU:0 ${cpuError.message}`];
    return { kind: "error", message: told.filter(Boolean).join("; ") };
  }

  private async judge(): Promise<Verdict> {
    const { ratio, where } = compareObservations(this.gpu.seen, this.cpu.seen);
    if (ratio <= 1) return { kind: "same", message: "" };
    const byOne = await this.farthest(nudgeOne, asMuch * ratio);
    const byAll = byOne < asMuch * ratio ? await this.farthest(nudgeAll, asMuch * ratio) : byOne;
    const byOps = byAll < asMuch * ratio ? await this.farthest(nudgeAll, asMuch * ratio, openJittered()) : byAll;
    const told = `by one ulp of one weight ${byOne.toPrecision(3)}, of weights ${byAll.toPrecision(3)}, of ops ${byOps.toPrecision(3)}`;
    const message = `${where}; ${ratio.toPrecision(3)} tolerances apart, ${told}`;
    return { kind: byOps >= asMuch * ratio ? "sensitive" : "difference", message };
  }

  /** Returns the largest distance over a few draws of a nudge, stopping as soon as it reaches `enough`. */
  private async farthest(nudge: Nudge, enough: number, device = "CPU:0"): Promise<number> {
    const draw = new Draw(this.plan.seed);
    let largest = 0;
    for (let time = 0; time < nudges && largest < enough; time++)
      largest = Math.max(largest, await this.distanceOf(nudge(this.start, draw), device));
    return largest;
  }

  /** Returns the distance between the CPU's results and those with other weights on a CPU. */
  private async distanceOf(weights: StartWeights, device: string): Promise<number> {
    const trained = await on(device, async () => {
      const other = this.make(device);
      await other.start(weights);
      for (const [actions, seed] of this.done) await runActions(other, actions, seed);
      return other;
    });
    const { ratio } = compareObservations(trained.seen, this.cpu.seen);
    trained.dispose();
    return ratio;
  }

  dispose(): void {
    this.gpu?.dispose();
    this.cpu?.dispose();
  }
}

async function on<R>(device: string, body: () => Promise<R>): Promise<R> {
  const before = setDefaultDevice(device);
  try {
    return await body();
  } finally {
    setDefaultDevice(before);
  }
}

async function attempt(body: () => Promise<void>): Promise<ActionError | undefined> {
  try {
    await body();
    return undefined;
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
}
