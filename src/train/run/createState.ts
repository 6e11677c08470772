/** States that a run keeps on its device besides the weights: rows, sums, the number of the failed step. */
import { backendOf } from "../../device/open";
import { Parameter } from "../../tensor/parameter";
import type { Tensor } from "../../tensor/tensor";

export function createState(name: string, value: Tensor): Parameter {
  return new Parameter(name, value, { state: true });
}

/**
 * Moves states into one contiguous allocation, so that a program binds one buffer for all of them. It is freed with
 * them.
 */
export function allocateStates(states: readonly Parameter[], device: string): void {
  const specs = states.map(({ size, dtype }) => ({ size, dtype }));
  backendOf(device)
    .allocateTogether(specs, "fit()")
    .forEach((slot, index) => states[index]!.assignPlanSlot(slot));
}
