/** What a run keeps on its device beside weights: rows, sums, the number of a failed step. */
import { backendOf } from "../device/open";
import { Parameter } from "../tensor/parameter";
import type { Tensor } from "../tensor/tensor";

export function stateOf(name: string, value: Tensor): Parameter {
  return new Parameter(name, value, { state: true });
}

/** Gives states their places side by side: a program reaches them through one piece of memory, which goes with them. */
export function settleTogether(states: readonly Parameter[], device: string): void {
  const specs = states.map(({ size, dtype }) => ({ size, dtype }));
  backendOf(device)
    .allocTogether(specs, "fit()")
    .forEach((slot, index) => states[index]!.settle(slot));
}
