/** What a recorded closure is to compute: its results, and the gradients and updates that follow from them. */
import type { Parameter } from "../../tensor/parameter";
import type { Tensor } from "../../tensor/tensor";

/** A parameter and the recorded tensor that becomes its value. */
export type ParameterUpdate = readonly [Parameter, Tensor];

/** Additions of a computation to the graph of its roots: further outputs, and updates of parameters. */
export interface Extension {
  outputs: readonly Tensor[];
  updates: readonly ParameterUpdate[];
}

export interface Computation {
  /** Results of the closure. They are computed when it has run. */
  readonly roots: readonly Tensor[];
  /** Computations with equal graphs and equal keys have equal extensions. */
  readonly key: string;
  /** The owner of a computation that is recorded repeatedly. Its program is cached for the owner's lifetime. */
  readonly owner?: object;
  /** True if a recording uses the cached plan of its graph rather than compile a separate one. */
  readonly isShared?: boolean;
  /** Tensors that the extension refers to by their position in the graph: targets of gradients. */
  readonly targets: readonly Tensor[];
  /** Parameters that the extension reads or replaces in addition to those in the graph, such as optimizer slots. */
  readonly variables: readonly Parameter[];
  /** Numbers that change from run to run, such as a learning rate. */
  readonly numbers: readonly number[];
  /** Records the extension, given the numbers as rank-0 tensors. Not called if the plan is cached. */
  extend(numbers: readonly Tensor[]): Extension;
}
