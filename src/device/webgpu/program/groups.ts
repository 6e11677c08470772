/** Which jobs of a level run as one dispatch. */

/** WGSL readers stop at 127 nested branches, and each job is one. */
const mostJoined = 32;

/**
 * Jobs in groups, in their order.
 * @param workgroupsOf of a job
 * @param mostWorkgroups of a group of several jobs
 */
export function groupsOf<J>(jobs: readonly J[], workgroupsOf: (job: J) => number, mostWorkgroups: number): J[][] {
  const groups: J[][] = [];
  let total = Infinity;
  for (const job of jobs) {
    const workgroups = workgroupsOf(job);
    total += workgroups;
    if (total <= mostWorkgroups && groups.at(-1)!.length < mostJoined) groups.at(-1)!.push(job);
    else {
      groups.push([job]);
      total = workgroups;
    }
  }
  return groups;
}
