/** Divides the levels of a program into parts and emits the code of each dispatch. */
import { isWideConcat, type Job, type Program, type ShaderJob, type ShaderStatement } from "../../program";
import { type DispatchText, writeDispatch } from "./dispatchCode";
import { groupJobs } from "./groupJobs";
import type { JobOptions, PartJob, WrittenJob } from "./jobCode";

/** Jobs of a part, by level, and the source of its dispatches: code of jobs, or a shader. */
export type PassSource = { readonly levels: readonly (readonly Job[])[] } & (
  | { readonly texts: readonly DispatchText[] }
  | { readonly shader: ShaderStatement }
);

export interface PassOptions extends JobOptions {
  /** Workgroups times characters of joined jobs that cost as much as one dispatch. */
  readonly dispatchCost: number;
}

type JoinableJob = Exclude<Job, ShaderJob>;

/** Returns one job per operand of a concatenation of many; undefined for other jobs. */
function partsOf(job: JoinableJob): PartJob[] | undefined {
  const [statement] = job.kind === "loop" ? job.body : [];
  if (!statement || !isWideConcat(statement)) return undefined;
  return statement.concat.list.map((_, index) => ({ kind: "part", statement, index }));
}

/** Emits the dispatches of independent jobs, one per job or one per group. */
function writeJobs(jobs: readonly JoinableJob[], program: Program, options: PassOptions): PassSource[] {
  const write = (list: readonly WrittenJob[]) => writeDispatch(list, program, options);
  const split = jobs.flatMap((job) => {
    const texts = partsOf(job)?.map((part) => write([part]));
    const computed = texts?.filter(({ workgroups }) => workgroups > 0) ?? [];
    return computed.length > 0 ? [{ texts: computed, levels: [[job]] }] : [];
  });
  const single = jobs
    .filter((job) => !partsOf(job))
    .map((job) => ({ job, text: write([job]) }))
    .filter(({ text }) => text.workgroups > 0);
  const groups = groupJobs(single, ({ text }) => text, options.dispatchCost);
  const joined = groups.map((group) => {
    const together = group.map(({ job }) => job);
    return { texts: [group.length === 1 ? group[0]!.text : write(together)], levels: [together] };
  });
  return [...joined, ...split];
}

/** Returns the parts of a step in execution order. */
export function passSources(program: Program, options: PassOptions): PassSource[] {
  return program.levels.flatMap((level) => {
    const jobs = level.filter((job) => job.kind !== "shader");
    const shaders = level.filter((job) => job.kind === "shader");
    return [
      ...writeJobs(jobs, program, options),
      ...shaders.map((job) => ({ shader: job.statement, levels: [[job]] })),
    ];
  });
}
