/** Which jobs of a level run as one dispatch. */

/** WGSL readers stop at 127 nested branches, and each job is one. */
const mostJoined = 32;

/** @param joins whether the device runs several jobs sooner as one dispatch than as one each */
export function groupsOf<J>(jobs: readonly J[], joins: boolean): J[][] {
  const length = joins ? mostJoined : 1;
  return Array.from({ length: Math.ceil(jobs.length / length) }, (_, group) =>
    jobs.slice(group * length, (group + 1) * length),
  );
}
