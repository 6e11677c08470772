/** Groups the jobs of a level into dispatches. */

/** WGSL compilers may limit nesting to 127 branches, and each joined job is one branch. */
const maxGroupSize = 32;

/** Size of a job. */
export interface JobSize {
  readonly workgroups: number;
  /** Length of its code, in characters. */
  readonly characters: number;
}

/**
 * Joins consecutive jobs into groups. On a device whose invocations run in lockstep, every workgroup steps through the
 * code of every job, so a group costs its workgroups times its code, and saves all dispatches but one.
 * @param dispatchCost workgroups times characters that cost as much as one dispatch
 */
export function groupJobs<J>(jobs: readonly J[], sizeOf: (job: J) => JobSize, dispatchCost: number): J[][] {
  const groups: J[][] = [];
  let all: JobSize = { workgroups: 0, characters: 0 };
  for (const job of jobs) {
    const size = sizeOf(job);
    const group = groups.at(-1) ?? [];
    const together = {
      workgroups: all.workgroups + size.workgroups,
      characters: all.characters + size.characters,
    };
    const cost = (together.workgroups * together.characters) / (group.length + 1);
    if (group.length > 0 && group.length < maxGroupSize && cost <= dispatchCost) {
      group.push(job);
      all = together;
    } else {
      groups.push([job]);
      all = size;
    }
  }
  return groups;
}
