/** Creates the pipelines of a program, concurrently and asynchronously. */
import { bytesPerElement } from "../../../base/dtype";
import type { ProductLoop } from "../../form";
import type { BufferRange } from "../commandBatch";
import type { Job, Program, ShaderStatement } from "../../program";
import type { Pipeline, PipelineCache } from "../pipelines";
import { assumptions } from "./assumptions";
import { writeSingleWorkgroup } from "./dispatchCode";
import type { JobOptions } from "./jobCode";
import { type PassOptions, type PassSource, passSources } from "./passSources";
import {
  type Aim,
  candidatesFor,
  fallbackVariant,
  type ProductContext,
  type ProductTarget,
  variantFor,
} from "./products/chooseVariant";
import type { ProductTuner } from "./products/productTuner";
import { type ProductVariant, workOfProduct } from "./products/variant";
import type { VariablePlace } from "./wgsl";

export interface PassDispatch {
  readonly pipeline: Pipeline;
  readonly workgroups: number;
  /** Numbers of its uniform `places`. */
  readonly table: readonly number[];
}

/** Part of a step. */
export interface ProgramPass {
  /** Usually one; several for a job that concatenates many parts, one dispatch per part. */
  readonly dispatches: readonly PassDispatch[];
  /** The jobs that it computes, by level. */
  readonly levels: readonly (readonly Job[])[];
  /** The shader, if the part is a complete shader; absent for jobs. */
  readonly shader?: ShaderStatement;
  /** True for a program that runs all steps of a submit. */
  readonly isSingleWorkgroup?: boolean;
}

export interface CompiledProgram {
  readonly passes: readonly ProgramPass[];
  /** Buffers that contain the variables, bound after the program's own buffers. */
  readonly variableBuffers: readonly GPUBuffer[];
  /** Location of each variable. */
  readonly variables: readonly BufferRange[];
  /** Work of one step: multiply-adds and elements. */
  readonly work: number;
  /**
   * Compiles faster parts, each faster than those before: with larger blocks of products, then with jobs joined where
   * measurements favour it. Results stay bit-identical, and unchanged code is not compiled again. Absent if there are
   * no faster parts.
   */
  readonly tune?: () => AsyncIterable<readonly ProgramPass[]>;
}

/** Maximum number of buffers for variables: the 8 storage buffers of every device, less those of numbers and memory. */
const maxVariableBuffers = 6;

function groupByBuffer(variables: readonly BufferRange[]): { buffers: GPUBuffer[]; places: VariablePlace[] } {
  const buffers = [...new Set(variables.map(({ buffer }) => buffer))];
  const places = variables.map(({ buffer, offset }) => ({
    buffer: buffers.indexOf(buffer),
    offset: offset / bytesPerElement,
  }));
  return { buffers, places };
}

/** True if the variables are in few enough buffers to be bound by one program. */
export function canBind(variables: readonly BufferRange[]): boolean {
  return groupByBuffer(variables).buffers.length <= maxVariableBuffers;
}

/**
 * Largest work (multiply-adds and elements) of a step that runs as one program. Below it, one workgroup finishes before
 * several dispatches would have started.
 */
const maxSingleWorkgroupWork = 100_000;

/**
 * Maximum length of such a program, in characters. Compile time grows faster than length: beyond this, one program per
 * job compiles sooner.
 */
const maxSingleWorkgroupText = 40_000;

function workOf(job: Job): number {
  switch (job.kind) {
    case "loop":
      return job.size * job.body.length;
    case "rows":
      return job.rows * job.length * job.body.length;
    case "product":
      return workOfProduct(job.product.loop);
    case "shader":
      // Its work is unknown, and it needs its own dispatch.
      return maxSingleWorkgroupWork + 1;
  }
}

function workOfStep({ levels }: Program): number {
  return levels.flat().reduce((sum, job) => sum + workOf(job), 0);
}

/** Properties of the adapter that affect compilation. */
export interface ProgramTarget extends ProductTarget {
  /** Workgroups times characters of joined jobs that cost as much as one dispatch. A promise until it is measured. */
  dispatchCost(): number | Promise<number>;
}

/** Returns the fastest variant of each product on this adapter. */
async function fastestVariants({ levels }: Program, context: ProductContext, tuner: ProductTuner) {
  const loops = levels.flat().flatMap((job) => (job.kind === "product" ? [job.product.loop] : []));
  const chosen = new Map<ProductLoop, ProductVariant>();
  for (const loop of loops) {
    const candidates = candidatesFor(loop, context);
    chosen.set(loop, candidates.length === 1 ? candidates[0]! : await tuner.fastest(loop, candidates));
  }
  return chosen;
}

/** Returns the result of the first attempt that succeeds. @throws the error of the last attempt if all fail */
async function firstSuccess<T>(attempts: readonly (() => Promise<T>)[]): Promise<T> {
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
  private readonly commonOptions: Pick<
    JobOptions,
    "variables" | "variableBuffers" | "subgroups" | "leastWorkgroups" | "maxElementsPerInvocation"
  >;
  private readonly context: ProductContext;

  constructor(
    private readonly program: Program,
    private readonly pipelines: PipelineCache,
    private readonly target: ProgramTarget,
    private readonly tuner: ProductTuner,
    variables: ReturnType<typeof groupByBuffer>,
  ) {
    this.commonOptions = {
      variables: variables.places,
      variableBuffers: variables.buffers.map(({ size }) => size / bytesPerElement),
      subgroups: target.subgroups,
      leastWorkgroups: target.software ? 64 : 1024,
      // Starting a workgroup costs a software adapter about a microsecond.
      maxElementsPerInvocation: target.software ? 64 : 16,
    };
    this.context = { ...target, workgroupSize: 64, isSingleWorkgroup: false };
  }

  /** Returns a function that compiles the step as one program of one workgroup; undefined if its code is too long. */
  singleWorkgroup(): (() => Promise<ProgramPass[]>) | undefined {
    const { program, target } = this;
    // A software adapter computes four invocations at once; further ones would only wait for each other.
    const context = { ...target, workgroupSize: target.software ? 4 : 64, isSingleWorkgroup: true };
    const options = {
      ...this.commonOptions,
      ...context,
      variantOf: (loop: ProductLoop) => variantFor(loop, context, "soon"),
    };
    const text = writeSingleWorkgroup(program, options);
    if (text.length > maxSingleWorkgroupText) return undefined;
    return async () => {
      const pipeline = await this.pipelines.ofJobs(text, this.commonOptions.variableBuffers.length);
      return [
        { dispatches: [{ pipeline, workgroups: 1, table: [] }], levels: program.levels, isSingleWorkgroup: true },
      ];
    };
  }

  /** Compiles parts that are ready soon. */
  quickPasses(): Promise<ProgramPass[]> {
    return this.passesFor("soon", 0);
  }

  /** On software: compiles parts that run fast. */
  async fastPasses(): Promise<ProgramPass[]> {
    return this.passesFor("fast", await this.target.dispatchCost());
  }

  /** Compiles fast variants at once, and joins jobs when the cost of a dispatch is known. */
  async *fasterPasses(): AsyncGenerator<ProgramPass[]> {
    // The measurement waits for the steps that the device computes meanwhile.
    if (this.target.dispatchCost() instanceof Promise) yield await this.passesFor("fast", 0);
    yield await this.fastPasses();
  }

  /** On hardware: compiles parts with the variants that were measured to be fastest. */
  async tunedPasses(): Promise<ProgramPass[]> {
    const tuned = await fastestVariants(this.program, this.context, this.tuner);
    const dispatchCost = await this.target.dispatchCost();
    return this.passes({ variantOf: (loop) => tuned.get(loop)!, dispatchCost });
  }

  /** Compiles parts that any device accepts: one dispatch per job and no optional features. */
  fallbackPasses(): Promise<ProgramPass[]> {
    const context = { ...this.context, subgroups: false };
    return this.passes({ variantOf: (loop) => fallbackVariant(loop, context), dispatchCost: 0, subgroups: false });
  }

  private passesFor(aim: Aim, dispatchCost: number): Promise<ProgramPass[]> {
    return this.passes({ variantOf: (loop) => variantFor(loop, this.context, aim), dispatchCost });
  }

  private passes(
    options: Pick<PassOptions, "variantOf" | "dispatchCost"> & Partial<PassOptions>,
  ): Promise<ProgramPass[]> {
    const { workgroupSize } = this.context;
    const sources = passSources(this.program, { ...this.commonOptions, workgroupSize, ...options });
    return Promise.all(sources.map((source) => this.pass(source)));
  }

  private async pass(source: PassSource): Promise<ProgramPass> {
    const { levels } = source;
    if ("texts" in source) {
      const dispatches = source.texts.map(async ({ text, workgroups, table }) => {
        const pipeline = await this.pipelines.ofJobs(text, this.commonOptions.variableBuffers.length);
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
 * Compiles a program. On an exact software adapter, the first parts compile quickly and `tune` returns faster ones. On
 * other adapters the parts are fixed from the start, on hardware by measurement, once per shape. If the device rejects
 * a program, it falls back to plain ones.
 */
export async function compileProgram(
  program: Program,
  variables: readonly BufferRange[],
  pipelines: PipelineCache,
  target: ProgramTarget,
  tuner: ProductTuner,
): Promise<CompiledProgram> {
  const placed = groupByBuffer(variables);
  const compiler = new ProgramCompiler(program, pipelines, target, tuner, placed);
  const work = workOfStep(program);
  const compiled = { variableBuffers: placed.buffers, variables, work };
  const plain = () => compiler.fallbackPasses();
  const whole =
    work <= (assumptions.maxSingleWorkgroupWork ?? maxSingleWorkgroupWork) ? compiler.singleWorkgroup() : undefined;
  if (whole) return { ...compiled, passes: await firstSuccess([whole, plain]) };
  if (!target.software) return { ...compiled, passes: await firstSuccess([() => compiler.tunedPasses(), plain]) };
  if (!target.exact) return { ...compiled, passes: await firstSuccess([() => compiler.fastPasses(), plain]) };
  return {
    ...compiled,
    passes: await firstSuccess([() => compiler.quickPasses(), plain]),
    tune: () => compiler.fasterPasses(),
  };
}
