/** Which jobs of a level run as one dispatch. */

/** WGSL readers stop at 127 nested branches, and each job is one. */
const mostJoined = 32;

/** The size of a job. */
export interface JobSize {
  readonly workgroups: number;
  /** Characters of its text. */
  readonly characters: number;
}

/**
 * Jobs in groups, in their order. A device whose invocations run in lockstep passes every job's code in every workgroup, so that
 * a group costs its workgroups times its code, and saves the dispatches of all jobs but one.
 * @param worthOfDispatch workgroups times characters that cost as much as a dispatch
 */
export function groupsOf<J>(jobs: readonly J[], sizeOf: (job: J) => JobSize, worthOfDispatch: number): J[][] {
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
    if (group.length > 0 && group.length < mostJoined && cost <= worthOfDispatch) {
      group.push(job);
      all = together;
    } else {
      groups.push([job]);
      all = size;
    }
  }
  return groups;
}
