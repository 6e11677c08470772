/** What a recorded closure is to compute: what it gave, and what follows from it. */
import type { Parameter } from "../tensor/parameter";
import type { Tensor } from "../tensor/tensor";

/** A parameter and the recorded tensor that becomes its value. */
export type ParameterUpdate = readonly [Parameter, Tensor];

/** What a step adds to the graph of its roots. */
export interface Extension {
  outputs: readonly Tensor[];
  updates: readonly ParameterUpdate[];
}

export interface Step {
  /** What the closure gave; afterwards they are computed. */
  readonly roots: readonly Tensor[];
  /** Two steps with equal graphs and equal keys have equal extensions. */
  readonly key: string;
  /** What it belongs to, where it is recorded again and again: its program is kept as long as that. */
  readonly owner?: object;
  /** True where a recorded step runs the plan that is kept for its graph, and has none of its own. */
  readonly isShared?: boolean;
  /** Tensors that the extension refers to by their place in the graph: what it takes gradients by. */
  readonly targets: readonly Tensor[];
  /** Parameters that the extension reads or replaces beside those in the graph, such as an optimizer's state. */
  readonly states: readonly Parameter[];
  /** Numbers of this step alone, such as a learning rate. */
  readonly numbers: readonly number[];
  /** Records what follows, given the numbers as rank-0 tensors. Not called where a plan is known already. */
  extend(numbers: readonly Tensor[]): Extension;
}
