import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { numberField, type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface AdamOptions extends OptimizerOptions {
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-7, as Keras; PyTorch's is 1e-8, and stands at another place. */
  epsilon?: number;
}

/**
 * `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g^2`,
 * `w -= learningRate * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)`.
 * learningRate 0.001 by default. Source: Kingma & Ba 2015; Keras Adam.
 */
export class Adam extends Optimizer<AdamOptions> {
  static readonly info: KindInfo = {
    kind: "adam",
    title: { en: "Adam", zh: "Adam" },
    description: {
      en: "A step of its own for each parameter, by the first two moments of its gradient.",
      zh: "按梯度的一、二阶矩，为每个参数取各自的步长。",
    },
    formula: "w \\leftarrow w - \\eta \\frac{\\sqrt{1 - \\beta_2^t}}{1 - \\beta_1^t} \\frac{m}{\\sqrt{v} + \\epsilon}",
    source: "Kingma & Ba 2015; Keras Adam",
    fields: optimizerFields(0.001, [
      numberField("beta1", "Beta 1", "β₁", 0.9, 1),
      numberField("beta2", "Beta 2", "β₂", 0.999, 1),
      numberField("epsilon", "Epsilon", "ε", 1e-7),
    ]),
  };
  readonly slotNames = ["momentum", "velocity"];

  override rates(step: number): number[] {
    const { beta1, beta2 } = this.options;
    const rate = this.rateAt(step);
    return [rate, (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)];
  }

  protected update({ value, gradient, slots: [m, v], rates: [, rate] }: UpdateCall): Update {
    const { beta1, beta2, epsilon } = this.options;
    const first = m!.mul(beta1).add(gradient.mul(1 - beta1));
    const second = v!.mul(beta2).add(gradient.square().mul(1 - beta2));
    return { value: value.sub(first.mul(rate!).div(second.sqrt().add(epsilon))), slots: [first, second] };
  }
}

/** @see Adam */
export const adam = Object.assign((options?: AdamOptions) => new Adam(options), { info: Adam.info });
