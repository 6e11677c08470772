/**
 * Emits complete WGSL programs: one dispatch of a step for a group of jobs, or one dispatch of many steps for all levels.
 */
import type { Program } from "../../program";
import { AddressTable, literals, tableName } from "./addressing";
import { type JobOptions, type JobText, JobWriter, type WrittenJob } from "./jobCode";

export interface DispatchText {
  readonly text: string;
  readonly workgroups: number;
  /** Length of the code of its jobs alone. */
  readonly characters: number;
  /** Numbers that the code reads from its uniform `places`. */
  readonly table: readonly number[];
}

/** Emits the bindings of a program and the functions of its jobs. */
function preamble(
  { program, language, library, folded, sharedVectors }: JobWriter,
  texts: readonly JobText[],
  { variableBuffers, subgroups, workgroupSize }: JobOptions,
  tableVectors: number,
): string {
  const bindings = [
    ...(subgroups ? ["enable subgroups;", "diagnostic(off, subgroup_uniformity);"] : []),
    "// x: index of this step's first number; if one program runs all steps, y: their count, z: numbers of each.",
    "@group(0) @binding(0) var<uniform> step: vec4u;",
    ...(tableVectors > 0
      ? [
          "// Offsets and sizes of these jobs, so that jobs which differ only in them share this text.",
          `@group(0) @binding(1) var<uniform> ${tableName}: array<vec4u, ${tableVectors}>;`,
        ]
      : []),
    "@group(0) @binding(2) var<storage, read> numbers: array<u32>;",
    // Access to an array of fixed length is cheaper.
    `@group(0) @binding(3) var<storage, read_write> memory: array<u32, ${Math.max(program.memorySize, 1)}>;`,
    ...variableBuffers.map(
      (words, index) =>
        `@group(0) @binding(${index + 4}) var<storage, read_write> variable${index}: array<u32, ${words}>;`,
    ),
    "var<private> first: u32;",
    ...(sharedVectors > 0 ? [`var<workgroup> shared_vectors: array<vec4f, ${sharedVectors}>;`] : []),
    ...[...folded].map((type) => `var<workgroup> partial_${type}: array<${type}, ${workgroupSize}>;`),
  ];
  return `${bindings.join("\n")}\n\n${library.text}${language.text}${texts.map(({ text }) => text).join("")}`;
}

/** Emits one dispatch for independent jobs. Each job takes a range of the workgroups. */
export function writeDispatch(jobs: readonly WrittenJob[], program: Program, options: JobOptions): DispatchText {
  const table = new AddressTable();
  const writer = new JobWriter(program, options, table);
  const texts = jobs.map((job) => writer.job(job)).filter(({ workgroups }) => workgroups > 0);
  let end = 0;
  const branches = texts.map(({ name, workgroups }) => {
    const begin = end;
    end += workgroups;
    const group = begin === 0 ? "group" : `group - ${table.number(begin)}`;
    return `if (group < ${table.number(end)}) {\n    ${name}(${group}, lane);\n  }`;
  });
  const text = `${preamble(writer, texts, options, table.vectors)}
@compute @workgroup_size(${options.workgroupSize})
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  first = step.x;
  let group = id.x + id.y * groups.x;
  ${branches.join(" else ")}
}
`;
  const characters = texts.reduce((sum, job) => sum + job.text.length, 0);
  return { text, workgroups: end, characters, table: table.entries };
}

/**
 * Emits all levels as one program of one workgroup that runs the steps in sequence: for work too small to distribute.
 */
export function writeSingleWorkgroup(program: Program, options: JobOptions): string {
  const writer = new JobWriter(program, options, literals);
  const levels = program.levels.map((jobs) => jobs.map((job) => writer.job(job as WrittenJob)));
  const calls = levels.flatMap((jobs) => [
    ...jobs.map(({ name, workgroups }) =>
      workgroups === 1 ? `${name}(0u, lane);` : `for (var g = 0u; g < ${workgroups}u; g++) { ${name}(g, lane); }`,
    ),
    "storageBarrier();",
  ]);
  return `${preamble(writer, levels.flat(), options, 0)}
@compute @workgroup_size(${options.workgroupSize})
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var s = 0u; s < step.y; s++) {
    first = s * step.z;
    ${calls.join("\n    ")}
  }
}
`;
}
