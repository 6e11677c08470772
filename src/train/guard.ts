import type { ParameterUpdate } from "../plan/step";
import { ones, zeros } from "../tensor/creation";
import { infinityBits, magnitudeBits } from "../tensor/ops/magnitudeBits";
import { where } from "../tensor/ops/where";
import type { Parameter } from "../tensor/parameter";
import type { Tensor } from "../tensor/tensor";
import { settleTogether, stateOf } from "./states";

/** True (rank 0) if no element is NaN or infinite. */
function allFinite(tensors: readonly Tensor[]): Tensor {
  // Row by row at first: a device folds many short rows sooner than a long one.
  const greatest = tensors.map((one) => {
    const bits = magnitudeBits(one);
    return bits.rank > 1 ? bits.max(-1).max() : bits.max();
  });
  return greatest.reduce((a, b) => a.maximum(b)).less(infinityBits);
}

/**
 * Keeps weights from a step whose loss or gradients are not finite. It is
 * decided on the device: from the first such step on none changes anything, and
 * its number is kept, so that what was queued behind it does no harm.
 */
export class Guard {
  /** The number of the step that failed, from 1; 0 while none did. */
  readonly failedAt: Parameter;
  /** True while none did: kept as a value, so that no element of an update has to find it anew. */
  private readonly good: Parameter;

  constructor(device: string) {
    this.failedAt = stateOf("failedAt", zeros([], { device }));
    this.good = stateOf("good", ones([], { dtype: "bool", device }));
    settleTogether(this.states, device);
  }

  get states(): readonly Parameter[] {
    return [this.failedAt, this.good];
  }

  /** Keeps everything as it is from now on, as if a step had failed. */
  holdAll(): void {
    this.failedAt.assign(-1);
  }

  /** Inside a closure: keeps the states that a block assigned, such as running means, from a loss that is not finite. */
  holdStates(loss: Tensor, before: ReadonlyMap<Parameter, Tensor>): void {
    const changed = [...before].filter(([state, value]) => state.asTensor() !== value);
    if (changed.length === 0) return;
    const isGood = allFinite([loss]).logicalAnd(this.failedAt.equal(0));
    for (const [state, value] of changed) state.assign(where(isGood, state.asTensor(), value));
  }

  /**
   * The updates of step number `step`, but only if all is finite.
   * @param update makes them of gradients
   */
  hold(
    loss: Tensor,
    gradients: readonly Tensor[],
    step: Tensor,
    update: (gradients: readonly Tensor[]) => readonly ParameterUpdate[],
  ): ParameterUpdate[] {
    const failed = this.failedAt.asTensor();
    const isFirst = allFinite([loss, ...gradients])
      .logicalNot()
      .logicalAnd(failed.equal(0));
    const next = where(isFirst, step, failed);
    const isGood = next.equal(0);
    // Gradients that wait for the check keep all that follows from them in one loop after it.
    const updates = update(gradients.map((gradient) => where(isGood, gradient, 0)));
    return [
      ...updates.map(([parameter, value]) => [parameter, where(isGood, value, parameter.asTensor())] as const),
      [this.failedAt, next],
      [this.good, isGood],
    ];
  }

  dispose(): void {
    for (const state of this.states) state.dispose();
  }
}
