/** Makes the pipelines of a program, all at once and asynchronously. */
import { bytesPerElement } from "../../../base/dtype";
import type { ProductLoop } from "../../form";
import type { Piece } from "../batch";
import type { Job, Program, ShaderStatement } from "../../program";
import type { Pipeline, PipelineCache } from "../pipelines";
import { assumptions } from "./assumptions";
import { writeWhole } from "./dispatchCode";
import type { JobOptions } from "./jobCode";
import { type PassOptions, type PassSource, passSources } from "./passSources";
import {
  type Aim,
  candidatesFor,
  plainVariant,
  type ProductPlace,
  type ProductTarget,
  variantFor,
} from "./products/choose";
import type { ProductTuner } from "./products/productTuner";
import { type ProductVariant, workOfProduct } from "./products/variant";
import type { StatePlace } from "./wgsl";

export interface PassDispatch {
  readonly pipeline: Pipeline;
  readonly workgroups: number;
  /** The numbers of its uniform `places`. */
  readonly table: readonly number[];
}

/** A part of a step. */
export interface ProgramPass {
  /** One; more where a job's parts are put together one by one. */
  readonly dispatches: readonly PassDispatch[];
  /** The jobs that it computes, by levels. */
  readonly levels: readonly (readonly Job[])[];
  /** A shader by itself; absent for a program of jobs. */
  readonly shader?: ShaderStatement;
  /** True for a program that runs all steps of a submit by itself. */
  readonly isWhole?: boolean;
}

export interface CompiledProgram {
  readonly passes: readonly ProgramPass[];
  /** The buffers that states are in, as bound after the program's own. */
  readonly stateBuffers: readonly GPUBuffer[];
  /** Where each state is. */
  readonly states: readonly Piece[];
  /** Multiply-adds and elements of a step. */
  readonly work: number;
  /**
   * Compiles passes that run faster, with larger blocks of products and jobs joined where that was timed to be faster. They
   * give the same bits; texts that do not differ are not compiled again. Absent where the passes stay as they are.
   */
  readonly tune?: () => Promise<readonly ProgramPass[]>;
}

/** Beside uniforms, numbers and memory. */
const maxStateBuffers = 6;

function placeStates(states: readonly Piece[]): { buffers: GPUBuffer[]; places: StatePlace[] } {
  const buffers = [...new Set(states.map(({ buffer }) => buffer))];
  const places = states.map(({ buffer, offset }) => ({
    buffer: buffers.indexOf(buffer),
    offset: offset / bytesPerElement,
  }));
  return { buffers, places };
}

/** True where the states are in so few buffers that a program can be bound to all of them. */
export function canBind(states: readonly Piece[]): boolean {
  return placeStates(states).buffers.length <= maxStateBuffers;
}

/** Multiply-adds and elements of a step that one workgroup computes sooner than several dispatches would begin. */
const maxWholeWork = 100_000;

/** Characters. The time to compile one program grows faster than its text: beyond this, several levels are made sooner. */
const maxWholeText = 40_000;

function workOf(job: Job): number {
  switch (job.kind) {
    case "loop":
      return job.size * job.body.length;
    case "rows":
      return job.rows * job.length * job.body.length;
    case "product":
      return workOfProduct(job.product.loop);
    case "shader":
      // It says nothing of its work, and needs a dispatch of its own.
      return maxWholeWork + 1;
  }
}

function workOfStep({ levels }: Program): number {
  return levels.flat().reduce((sum, job) => sum + workOf(job), 0);
}

/** What matters of an adapter. */
export interface ProgramTarget extends ProductTarget {
  /** Workgroups times characters of joined jobs that cost as much as a dispatch. Timed when first asked. */
  worthOfDispatch(): Promise<number>;
}

/** The fastest variant of each product on this adapter. */
async function tunedVariants({ levels }: Program, place: ProductPlace, tuner: ProductTuner) {
  const loops = levels.flat().flatMap((job) => (job.kind === "product" ? [job.product.loop] : []));
  const chosen = new Map<ProductLoop, ProductVariant>();
  for (const loop of loops) {
    const candidates = candidatesFor(loop, place);
    chosen.set(loop, candidates.length === 1 ? candidates[0]! : await tuner.fastest(loop, candidates));
  }
  return chosen;
}

/** The result of the first attempt that does not fail. @throws what the last one threw. */
async function firstOf<T>(attempts: readonly (() => Promise<T>)[]): Promise<T> {
  let failure: unknown;
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

class ProgramCompiler {
  private readonly common: Pick<
    JobOptions,
    "states" | "stateBuffers" | "subgroups" | "leastWorkgroups" | "mostElements"
  >;
  private readonly place: ProductPlace;

  constructor(
    private readonly program: Program,
    private readonly pipelines: PipelineCache,
    private readonly target: ProgramTarget,
    private readonly tuner: ProductTuner,
    states: ReturnType<typeof placeStates>,
  ) {
    this.common = {
      states: states.places,
      stateBuffers: states.buffers.map(({ size }) => size / bytesPerElement),
      subgroups: target.subgroups,
      leastWorkgroups: target.software ? 64 : 1024,
      // A workgroup takes software about a microsecond to begin.
      mostElements: target.software ? 64 : 16,
    };
    this.place = { ...target, workgroupSize: 64, isWhole: false };
  }

  /** One program of one workgroup; undefined where it would take longer to compile than several. */
  whole(): (() => Promise<ProgramPass[]>) | undefined {
    const { program, target } = this;
    // Four invocations are what a software adapter computes at once: more would only wait for each other.
    const place = { ...target, workgroupSize: target.software ? 4 : 64, isWhole: true };
    const options = { ...this.common, ...place, variantOf: (loop: ProductLoop) => variantFor(loop, place, "soon") };
    const text = writeWhole(program, options);
    if (text.length > maxWholeText) return undefined;
    return async () => {
      const pipeline = await this.pipelines.ofJobs(text, this.common.stateBuffers.length);
      return [{ dispatches: [{ pipeline, workgroups: 1, table: [] }], levels: program.levels, isWhole: true }];
    };
  }

  /** Passes that compile soon. */
  soon(): Promise<ProgramPass[]> {
    return this.by("soon", 0);
  }

  /** On software: passes that run fast. */
  async fast(): Promise<ProgramPass[]> {
    return this.by("fast", await this.target.worthOfDispatch());
  }

  /** On hardware: passes with the variants that were fastest when they were tried. */
  async tried(): Promise<ProgramPass[]> {
    const tuned = await tunedVariants(this.program, this.place, this.tuner);
    const worthOfDispatch = await this.target.worthOfDispatch();
    return this.passes({ variantOf: (loop) => tuned.get(loop)!, worthOfDispatch });
  }

  /** Passes that any device takes: a dispatch for each job, nothing that is optional. */
  plain(): Promise<ProgramPass[]> {
    const place = { ...this.place, subgroups: false };
    return this.passes({ variantOf: (loop) => plainVariant(loop, place), worthOfDispatch: 0, subgroups: false });
  }

  private by(aim: Aim, worthOfDispatch: number): Promise<ProgramPass[]> {
    return this.passes({ variantOf: (loop) => variantFor(loop, this.place, aim), worthOfDispatch });
  }

  private passes(
    options: Pick<PassOptions, "variantOf" | "worthOfDispatch"> & Partial<PassOptions>,
  ): Promise<ProgramPass[]> {
    const { workgroupSize } = this.place;
    const sources = passSources(this.program, { ...this.common, workgroupSize, ...options });
    return Promise.all(sources.map((source) => this.pass(source)));
  }

  private async pass(source: PassSource): Promise<ProgramPass> {
    const { levels } = source;
    if ("texts" in source) {
      const dispatches = source.texts.map(async ({ text, workgroups, table }) => {
        const pipeline = await this.pipelines.ofJobs(text, this.common.stateBuffers.length);
        return { pipeline, workgroups, table };
      });
      return { dispatches: await Promise.all(dispatches), levels };
    }
    const { values } = this.program;
    const { shader, inputs, result, workgroups } = source.shader;
    const dtypes = inputs.map((value) => values[value]!.dtype);
    const pipeline = await this.pipelines.ofWritable(shader, dtypes, values[result]!.dtype);
    return { dispatches: [{ pipeline, workgroups, table: [] }], levels, shader: source.shader };
  }
}

/**
 * On a software adapter that is exact the passes come soon, and faster ones by `tune`. On others they are fixed from the
 * start; on hardware by trying, once for each shape. What a device refuses is compiled in a plainer way.
 */
export async function compileProgram(
  program: Program,
  states: readonly Piece[],
  pipelines: PipelineCache,
  target: ProgramTarget,
  tuner: ProductTuner,
): Promise<CompiledProgram> {
  const placed = placeStates(states);
  const compiler = new ProgramCompiler(program, pipelines, target, tuner, placed);
  const work = workOfStep(program);
  const compiled = { stateBuffers: placed.buffers, states, work };
  const plain = () => compiler.plain();
  const whole = work <= (assumptions.mostWholeWork ?? maxWholeWork) ? compiler.whole() : undefined;
  if (whole) return { ...compiled, passes: await firstOf([whole, plain]) };
  if (!target.software) return { ...compiled, passes: await firstOf([() => compiler.tried(), plain]) };
  if (!target.exact) return { ...compiled, passes: await firstOf([() => compiler.fast(), plain]) };
  return { ...compiled, passes: await firstOf([() => compiler.soon(), plain]), tune: () => compiler.fast() };
}
