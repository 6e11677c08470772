import type { ParameterUpdate } from "../../plan/run/computation";
import { ones, zeros } from "../../tensor/creation";
import { infinityBits, magnitudeBits } from "../../tensor/ops/magnitudeBits";
import { where } from "../../tensor/ops/where";
import type { Parameter } from "../../tensor/parameter";
import type { Tensor } from "../../tensor/tensor";
import { allocateStates, createState } from "./createState";

/** Returns a bool of rank 0: true if no element is NaN or infinite. */
function allFinite(tensors: readonly Tensor[]): Tensor {
  // Reduces the rows first: devices reduce many short rows faster than one long row.
  const greatest = tensors.map((one) => {
    const bits = magnitudeBits(one);
    return bits.rank > 1 ? bits.max(-1).max() : bits.max();
  });
  return greatest.reduce((a, b) => a.maximum(b)).less(infinityBits);
}

/**
 * All-finite check that protects the weights from a step whose loss or gradients are not finite. The device decides:
 * from the first failed step on, no step changes anything, so steps queued after it do no harm. The number of the
 * failed step is stored.
 */
export class AllFiniteCheck {
  /** Number of the first failed step, counted from 1; 0 if none has failed. */
  readonly failedAt: Parameter;
  /** True if no step has failed. Stored, because otherwise every element of an update would compute it again. */
  private readonly isPassing: Parameter;

  constructor(device: string) {
    this.failedAt = createState("failedAt", zeros([], { device }));
    this.isPassing = createState("good", ones([], { dtype: "bool", device }));
    allocateStates(this.states, device);
  }

  get states(): readonly Parameter[] {
    return [this.failedAt, this.isPassing];
  }

  /** Blocks all further changes, as if a step had failed. */
  skipAll(): void {
    this.failedAt.assign(-1);
  }

  /**
   * Undoes the assignments to states, such as running means, if the loss is not finite. Called inside a closure.
   * @param before the value of each state before the forward
   */
  guardStates(loss: Tensor, before: ReadonlyMap<Parameter, Tensor>): void {
    const changed = [...before].filter(([state, value]) => state.asTensor() !== value);
    if (changed.length === 0) return;
    const isGood = allFinite([loss]).logicalAnd(this.failedAt.equal(0));
    for (const [state, value] of changed) state.assign(where(isGood, state.asTensor(), value));
  }

  /**
   * Returns the updates of a step, each conditional on the all-finite check.
   * @param step the number of the step
   * @param update computes the updates from gradients
   */
  guardUpdates(
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
    // Because the gradients depend on the check, everything that follows from them fuses into one loop after it.
    const updates = update(gradients.map((gradient) => where(isGood, gradient, 0)));
    return [
      ...updates.map(([parameter, value]) => [parameter, where(isGood, value, parameter.asTensor())] as const),
      [this.failedAt, next],
      [this.isPassing, isGood],
    ];
  }

  dispose(): void {
    for (const state of this.states) state.dispose();
  }
}
