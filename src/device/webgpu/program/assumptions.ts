/** Choices that follow from measurements or sizes, fixed by tests that could not count on their outcome. */
export interface Assumptions {
  /** Workgroups times characters of joined jobs that cost as much as a dispatch. Measured where it is absent. */
  readonly worthOfDispatch?: number;
  /** Multiply-adds and elements of the largest step that is one program of one workgroup. */
  readonly mostWholeWork?: number;
}

export let assumptions: Assumptions = {};

/** Fixes choices for programs that are compiled from now on, in place of what was fixed before. */
export function assume(fixed: Assumptions): void {
  assumptions = fixed;
}
