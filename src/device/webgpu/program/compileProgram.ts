/** Makes the pipelines of a program, all at once and asynchronously. */
import { bytesPerElement } from "../../../base/dtype";
import type { ProductLoop } from "../../form";
import type { Piece } from "../batch";
import type { Job, Program, ShaderStatement } from "../../program";
import type { Pipeline, PipelineCache } from "../pipelines";
import { type LevelOptions, writeLevel, writeWhole } from "./levelCode";
import { type Aim, candidatesFor, type ProductPlace, type ProductTarget, variantFor } from "./products/choose";
import type { ProductTuner } from "./products/productTuner";
import { type ProductVariant, workOfProduct } from "./products/variant";
import type { StatePlace } from "./wgsl";

/** One dispatch of a step. */
export interface ProgramPass {
  readonly pipeline: Pipeline;
  readonly workgroups: number;
  /** What it computes, by levels. */
  readonly levels: readonly (readonly Job[])[];
  /** A shader that could not be joined; absent for a level. */
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
   * Compiles the same passes with larger blocks of products: slower to compile, faster to run, with the same bits and
   * bindings; texts that do not differ are not compiled again. Absent where the passes stay as they are.
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

/** What a pass is made from: the text of a level, or a shader. */
type PassSource = Pick<ProgramPass, "workgroups" | "levels"> &
  ({ readonly text: string } | { readonly shader: ShaderStatement });

function passSources(program: Program, options: LevelOptions): PassSource[] {
  return program.levels.flatMap((level) => {
    const joined = level.filter((job) => job.kind !== "shader");
    const written = writeLevel(joined, program, options);
    const shaders = level.filter((job) => job.kind === "shader");
    return [
      ...(written.workgroups > 0 ? [{ ...written, levels: [joined] }] : []),
      ...shaders.map((job) => ({
        shader: job.statement,
        workgroups: job.statement.workgroups,
        levels: [[job]],
      })),
    ];
  });
}

async function passOf(
  source: PassSource,
  { values }: Program,
  stateBuffers: number,
  pipelines: PipelineCache,
): Promise<ProgramPass> {
  const { workgroups, levels } = source;
  if ("text" in source) return { pipeline: await pipelines.ofLevel(source.text, stateBuffers), workgroups, levels };
  const { shader, inputs, result } = source.shader;
  const dtypes = inputs.map((value) => values[value]!.dtype);
  const pipeline = await pipelines.ofWritable(shader, dtypes, values[result]!.dtype);
  return { pipeline, workgroups, levels, shader: source.shader };
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

/**
 * On a software adapter that is exact the passes come soon, and faster ones by `tune`. On others they are fixed from the
 * start; on hardware by trying, once for each shape.
 */
export async function compileProgram(
  program: Program,
  states: readonly Piece[],
  pipelines: PipelineCache,
  target: ProductTarget,
  tuner: ProductTuner,
): Promise<CompiledProgram> {
  const { buffers, places } = placeStates(states);
  const stateBuffers = buffers.map(({ size }) => size / bytesPerElement);
  const leastWorkgroups = target.software ? 64 : 1024;
  const write = { states: places, stateBuffers, subgroups: target.subgroups, leastWorkgroups };
  const work = workOfStep(program);
  const compiled = { stateBuffers: buffers, states, work };
  if (work <= maxWholeWork) {
    // Four are what a software adapter computes at once: more would only wait for each other.
    const whole = { ...target, workgroupSize: target.software ? 4 : 64, isWhole: true };
    const text = writeWhole(program, { ...write, ...whole, variantOf: (loop) => variantFor(loop, whole, "soon") });
    if (text.length <= maxWholeText) {
      const pipeline = await pipelines.ofLevel(text, buffers.length);
      return { ...compiled, passes: [{ pipeline, workgroups: 1, levels: program.levels, isWhole: true }] };
    }
  }
  const place = { ...target, workgroupSize: 64, isWhole: false };
  const make = (variantOf: LevelOptions["variantOf"]) => {
    const sources = passSources(program, { ...write, ...place, variantOf });
    return Promise.all(sources.map((source) => passOf(source, program, buffers.length, pipelines)));
  };
  const by = (aim: Aim) => make((loop) => variantFor(loop, place, aim));
  if (!target.software) {
    const tuned = await tunedVariants(program, place, tuner);
    return { ...compiled, passes: await make((loop) => tuned.get(loop)!) };
  }
  return target.exact
    ? { ...compiled, passes: await by("soon"), tune: () => by("fast") }
    : { ...compiled, passes: await by("fast") };
}
