import type { KindInfo } from "../../base/info";
import { amountField } from "../trainingFields";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface LionOptions extends OptimizerOptions {
  /** How much of the momentum is in the step. Default 0.9. */
  beta1?: number;
  /** How much of the momentum stays. Default 0.99. */
  beta2?: number;
}

/**
 * `w -= learningRate * sign(b1 m + (1 - b1) g)`, then `m = b2 m + (1 - b2) g`.
 * learningRate 0.001 by default. PyTorch has none: its preset changes nothing here.
 * Source: Chen et al. 2023; Keras Lion.
 */
export class Lion extends Optimizer<LionOptions> {
  static readonly info: KindInfo = {
    kind: "lion",
    title: { en: "Lion", zh: "Lion" },
    description: {
      en: "Steps of equal size, in the direction of the sign of the momentum.",
      zh: "只按动量的符号走等长的一步。",
    },
    formula: "w \\leftarrow w - \\eta \\operatorname{sign}(\\beta_1 m + (1 - \\beta_1) g)",
    source: "Chen et al. 2023; Keras Lion",
    fields: optimizerFields(0.001, [
      amountField("beta1", { en: "Beta 1", zh: "β₁" }, 0.9, 1),
      amountField("beta2", { en: "Beta 2", zh: "β₂" }, 0.99, 1),
    ]),
  };
  readonly slotNames = ["momentum"];

  protected override get decaysGradient(): boolean {
    return false;
  }

  protected update({ value, gradient, slots: [m], rates: [rate] }: UpdateCall): Update {
    const { beta1, beta2 } = this.options;
    const direction = m!
      .mul(beta1)
      .add(gradient.mul(1 - beta1))
      .sign();
    return { value: value.sub(direction.mul(rate!)), slots: [m!.mul(beta2).add(gradient.mul(1 - beta2))] };
  }
}

/** @see Lion */
export const lion = Object.assign((options?: LionOptions) => new Lion(options), { info: Lion.info });
