/**
 * Overrides for choices that follow from measurements or sizes. Tests set them, because they cannot rely on measured
 * outcomes.
 */
export interface Assumptions {
  /** Workgroups times characters of joined jobs that cost as much as one dispatch. Measured if absent. */
  readonly dispatchCost?: number;
  /** Work (multiply-adds and elements) up to which a whole step may run as one program of one workgroup. */
  readonly maxSingleWorkgroupWork?: number;
}

export let assumptions: Assumptions = {};

/** Sets the overrides for programs that are compiled afterwards, replacing all previous ones. */
export function assume(fixed: Assumptions): void {
  assumptions = fixed;
}
