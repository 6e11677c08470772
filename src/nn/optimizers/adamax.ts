import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { optimizerFields } from "../define/optimizerFields";
import { type MomentsOptions, momentsFields } from "./adam";

/** Optimizer that `adamax` creates. */
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

/**
 * Adamax: Adam with the greatest recent gradient in place of the mean square.
 *
 * With $m$ and $u$, which start at 0, and $t$ the number of the step, from 1:
 *
 * - $m \leftarrow \beta_1 m + (1 - \beta_1) g$
 * - $u \leftarrow \max(\beta_2 u, |g|)$
 * - $w \leftarrow w - \frac{\eta}{1 - \beta_1^t} \frac{m}{u + \epsilon}$
 *
 * PyTorch's preset adds $\epsilon$ to $|g|$ instead of $u$.
 * @param options `learningRate`, $\eta$, defaults to 0.001, `beta1` to 0.9, `beta2` to 0.999, `epsilon` to 1e-7,
 *   `weightDecay` and the three bounds of gradients to null. With `preset: "pytorch"`, `learningRate` defaults to 0.002
 *   and `epsilon` to 1e-8.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Kingma & Ba 2015, section 7.1; Keras `Adamax`; PyTorch `Adamax`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * await optimizers.adamax({ learningRate: 0.1 }).minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.9]
 */
export const adamax = Object.assign((options?: MomentsOptions) => new Adamax(options), { info: Adamax.info });
