import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { type OptimizerOptions, optimizerFields } from "../define/optimizerFields";
import { amountField } from "../define/trainingFields";

/** Options of `lion`. */
export interface LionOptions extends OptimizerOptions {
  /** Share of the momentum in the step's direction, in [0, 1]. Default 0.9. */
  beta1?: number;
  /** Share of the momentum kept at each step, in [0, 1]. Default 0.99. */
  beta2?: number;
}

/** Optimizer that `lion` creates. */
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

/**
 * Lion: steps of one size in each element, in the direction of the sign of a momentum.
 *
 * With $m$, which starts at 0: $w \leftarrow w - \eta \operatorname{sign}(\beta_1 m + (1 - \beta_1) g)$, then
 * $m \leftarrow \beta_2 m + (1 - \beta_2) g$. Weight decay is separate from the gradient. PyTorch has no Lion; its
 * preset changes nothing.
 * @param options `learningRate`, $\eta$, defaults to 0.001, `beta1` to 0.9, `beta2` to 0.99, `weightDecay` and the
 *   three bounds of gradients to null
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Chen et al. 2023; Keras `Lion`
 * @example
 * const w = new Parameter("w", tensor([1, -5]));
 * await optimizers.lion({ learningRate: 0.1 }).minimize(() => w.square().sum(), [w]); // => 26
 * w.value; // => [0.9, -4.9]
 */
export const lion = Object.assign((options?: LionOptions) => new Lion(options), { info: Lion.info });
