/** One case on GPU:0 and on CPU:0, and the judgement. */
import { NotFiniteError, setSeed } from "../../index";
import { setDefaultDevice } from "../../device/open";
import { zeros } from "../../tensor/creation";
import { ActionError, runActions } from "./actions";
import { metricMakers } from "./build";
import { compareSeen } from "./compare";
import { Draw } from "./draw";
import type { Action, Case } from "./plans";
import { type CaseData, drawData, type StartWeights, Trained, valuesOf } from "./trained";

export interface Verdict {
  kind: "same" | "sensitive" | "difference" | "error";
  message: string;
}

/** How much of a difference rounding of the weights has to make for a model to be called sensitive. */
const asMuch = 0.25;
/** Draws of each of the two ways of rounding. */
const nudges = 4;

/** Those that take this truth and these predictions. */
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

/** One weight, drawn among those that are not 0, moved by one ulp: the least that can differ. */
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
 * Every weight that is not 0, moved by one ulp up or down. Where a gradient is 0 but for rounding, as those of
 * attention over a single step whose kernels are all ones, optimizers of Adam's kind divide it by its own size: its
 * sign becomes a whole step. One ulp of one weight may leave all those signs alone; the rounding of every sum, which
 * is what two devices differ by, does not. Under sgd such a model is the same on both, and a wrong gradient is far
 * from what these nudges give.
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

/** A case that lives in the session: its models on both devices, from the same weights and data. */
export class LivingCase {
  private gpu!: Trained;
  private cpu!: Trained;
  private start!: StartWeights;
  private readonly data: CaseData;
  private readonly metrics: string[];
  /** What was done so far. */
  private done: [actions: readonly Action[], seed: number][] = [];

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
      return { kind: "error", message: `when it was made: ${String(error)}` };
    }
    return this.go(this.plan.actions, this.plan.seed);
  }

  /** Used again, after others. */
  continue(): Promise<Verdict> {
    return this.go(this.plan.later, this.plan.seed + 1e6);
  }

  private async go(actions: readonly Action[], seed: number): Promise<Verdict> {
    this.done.push([actions, seed]);
    const gpuError = await attempt(() => on("GPU:0", () => runActions(this.gpu, actions, seed)));
    const cpuError = await attempt(() => on("CPU:0", () => runActions(this.cpu, actions, seed)));
    if (gpuError || cpuError) return this.judgeErrors(gpuError, cpuError);
    const faults = [...this.gpu.faults.splice(0), ...this.cpu.faults.splice(0)];
    if (faults.length > 0) return { kind: "error", message: faults.join("; ") };
    return this.judge();
  }

  /** Numbers that grew out of bounds on both devices are the model's own doing. */
  private judgeErrors(gpuError: ActionError | undefined, cpuError: ActionError | undefined): Verdict {
    const isNotFinite = [gpuError, cpuError].every((error) => error?.cause instanceof NotFiniteError);
    if (isNotFinite && gpuError!.action.do === cpuError!.action.do) return { kind: "same", message: "not finite" };
    const told = [gpuError && `GPU:0 ${gpuError.message}`, cpuError && `CPU:0 ${cpuError.message}`];
    return { kind: "error", message: told.filter(Boolean).join("; ") };
  }

  private async judge(): Promise<Verdict> {
    const { ratio, where } = compareSeen(this.gpu.seen, this.cpu.seen);
    if (ratio <= 1) return { kind: "same", message: "" };
    const byOne = await this.farthest(nudgeOne, asMuch * ratio);
    const byAll = byOne < asMuch * ratio ? await this.farthest(nudgeAll, asMuch * ratio) : byOne;
    const told = `by one ulp of one weight ${byOne.toPrecision(3)}, of weights ${byAll.toPrecision(3)}`;
    const message = `${where}; ${ratio.toPrecision(3)} tolerances apart, ${told}`;
    return { kind: byAll >= asMuch * ratio ? "sensitive" : "difference", message };
  }

  /** The largest distance that a few draws of a nudge make; a distance that is enough ends it. */
  private async farthest(nudge: Nudge, enough: number): Promise<number> {
    const draw = new Draw(this.plan.seed);
    let largest = 0;
    for (let time = 0; time < nudges && largest < enough; time++)
      largest = Math.max(largest, await this.distanceOf(nudge(this.start, draw)));
    return largest;
  }

  /** How far the CPU is from itself with other weights. */
  private async distanceOf(weights: StartWeights): Promise<number> {
    const trained = await on("CPU:0", async () => {
      const other = this.make("CPU:0");
      await other.start(weights);
      for (const [actions, seed] of this.done) await runActions(other, actions, seed);
      return other;
    });
    const { ratio } = compareSeen(trained.seen, this.cpu.seen);
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
