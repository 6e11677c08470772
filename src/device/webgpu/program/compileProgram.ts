/** Makes the pipelines of a program, all at once and asynchronously. */
import { bytesPerElement } from "../../../base/dtype";
import { sizeOf } from "../../../base/shape";
import type { Piece } from "../batch";
import type { Job, Program, ShaderStatement } from "../../program";
import type { Pipeline, PipelineCache } from "../pipelines";
import { writeLevel, writeWhole } from "./levelCode";
import type { ProductTarget } from "./productCode";
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
      return (
        sizeOf(job.product.loop.batchShape) * job.product.loop.rows * job.product.loop.columns * job.product.loop.depth
      );
    case "shader":
      return Infinity;
  }
}

function isSmall({ levels }: Program): boolean {
  return levels.flat().reduce((sum, job) => sum + workOf(job), 0) <= maxWholeWork;
}

export async function compileProgram(
  program: Program,
  states: readonly Piece[],
  pipelines: PipelineCache,
  { software, subgroups }: Pick<ProductTarget, "software" | "subgroups">,
): Promise<CompiledProgram> {
  const { buffers, places } = placeStates(states);
  const options = { states: places, stateBuffers: buffers.length, software, subgroups, workgroupSize: 64 };
  if (isSmall(program)) {
    // Four are what a software adapter computes at once: more would only wait for each other.
    const text = writeWhole(program, { ...options, workgroupSize: software ? 4 : 64 });
    if (text.length <= maxWholeText) {
      const pipeline = await pipelines.ofLevel(text, buffers.length);
      return {
        passes: [{ pipeline, workgroups: 1, levels: program.levels, isWhole: true }],
        stateBuffers: buffers,
        states,
      };
    }
  }
  const passes = program.levels.flatMap((level) => {
    const joined = level.filter((job) => job.kind !== "shader");
    const list: Promise<ProgramPass>[] = [];
    const { text, workgroups } = writeLevel(joined, program, options);
    if (workgroups > 0)
      list.push(
        pipelines.ofLevel(text, buffers.length).then((pipeline) => ({ pipeline, workgroups, levels: [joined] })),
      );
    for (const job of level) {
      if (job.kind !== "shader") continue;
      const { shader, inputs, result, workgroups: count } = job.statement;
      const dtypes = inputs.map((value) => program.values[value]!.dtype);
      const made = pipelines.ofWritable(shader, dtypes, program.values[result]!.dtype);
      list.push(made.then((pipeline) => ({ pipeline, workgroups: count, levels: [[job]], shader: job.statement })));
    }
    return list;
  });
  return { passes: await Promise.all(passes), stateBuffers: buffers, states };
}
