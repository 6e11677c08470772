import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { optimizerFields } from "../optimizerFields";
import { type MomentsOptions, momentsFields } from "./adam";

/**
 * `m = b1 m + (1 - b1) g`, `u = max(b2 u, |g|)`,
 * `w -= learningRate / (1 - b1^t) * m / (u + epsilon)`. learningRate 0.001 by
 * default. PyTorch's preset: 0.002, epsilon 1e-8, `u = max(b2 u, |g| + epsilon)` and no
 * epsilon after it. Source: Kingma & Ba 2015, section 7.1; Keras Adamax.
 */
export class Adamax extends Optimizer<MomentsOptions> {
  static readonly info: KindInfo = {
    kind: "adamax",
    title: { en: "Adamax", zh: "Adamax" },
    description: {
      en: "Adam scaled by the largest recent gradient instead of the second moment.",
      zh: "以近期最大梯度代替二阶矩的 Adam。",
    },
    formula: "w \\leftarrow w - \\frac{\\eta}{1 - \\beta_1^t} \\frac{m}{u + \\epsilon}",
    source: "Kingma & Ba 2015; Keras Adamax",
    fields: optimizerFields(0.001, momentsFields),
  };
  static readonly pytorch = { learningRate: 0.002, epsilon: 1e-8 };
  readonly slotNames = ["momentum", "norm"];

  override rates(step: number): number[] {
    const rate = this.rateAt(step);
    return [rate, rate / (1 - this.options.beta1 ** step)];
  }

  protected update({ value, gradient, slots: [m, u], rates: [, rate] }: UpdateCall): Update {
    const { beta1, beta2, epsilon } = this.options;
    const first = m!.mul(beta1).add(gradient.mul(1 - beta1));
    const size = this.pytorch ? gradient.abs().add(epsilon) : gradient.abs();
    const norm = u!.mul(beta2).maximum(size);
    const step = first.mul(rate!).div(this.pytorch ? norm : norm.add(epsilon));
    return { value: value.sub(step), slots: [first, norm] };
  }
}

/** @see Adamax */
export const adamax = Object.assign((options?: MomentsOptions) => new Adamax(options), { info: Adamax.info });
