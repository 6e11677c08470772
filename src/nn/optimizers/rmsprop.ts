import type { KindInfo } from "../../base/info";
import { optionField, amountField } from "../trainingFields";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface RmspropOptions extends OptimizerOptions {
  /** How much of the mean square stays at each step. Default 0.9; 0.99 in PyTorch's preset. */
  rho?: number;
  /** Default 0. */
  momentum?: number;
  /** Default 1e-7; 1e-8 in PyTorch's preset. */
  epsilon?: number;
  /** Divides by the standard deviation: the mean gradient's square is taken off. Default false. */
  centered?: boolean;
}

/**
 * `v = rho v + (1 - rho) g^2`, `w -= learningRate * g / sqrt(v + epsilon)`, the
 * step through `m = momentum * m + step` where there is momentum.
 * learningRate 0.001 by default. PyTorch's preset: 0.01, `sqrt(v) + epsilon`,
 * and the learning rate after the momentum. Source: Tieleman & Hinton 2012; Keras RMSprop.
 */
export class Rmsprop extends Optimizer<RmspropOptions> {
  static readonly info: KindInfo = {
    kind: "rmsprop",
    title: { en: "RMSprop", zh: "RMSprop" },
    description: {
      en: "Divides each gradient by the root of its running mean square.",
      zh: "用梯度平方滑动平均的平方根来除梯度。",
    },
    formula: "w \\leftarrow w - \\eta \\frac{g}{\\sqrt{v + \\epsilon}}",
    source: "Tieleman & Hinton 2012; Keras RMSprop",
    fields: optimizerFields(0.001, [
      amountField("rho", { en: "Rho", zh: "ρ" }, 0.9, 1),
      amountField("momentum", { en: "Momentum", zh: "动量" }, 0, 1),
      amountField("epsilon", { en: "Epsilon", zh: "ε" }, 1e-7),
      optionField("centered", { en: "Centered", zh: "中心化" }),
    ]),
  };
  static readonly pytorch = { learningRate: 0.01, rho: 0.99, epsilon: 1e-8 };
  readonly slotNames = [
    "velocity",
    ...(this.options.momentum ? ["momentum"] : []),
    ...(this.options.centered ? ["averageGradient"] : []),
  ];

  protected update({ value, gradient, slots, rates: [rate] }: UpdateCall): Update {
    const { rho, momentum, epsilon, centered } = this.options;
    const velocity = slots[0]!.mul(rho).add(gradient.square().mul(1 - rho));
    const average = centered
      ? slots
          .at(-1)!
          .mul(rho)
          .add(gradient.mul(1 - rho))
      : undefined;
    const spread = average ? velocity.sub(average.square()) : velocity;
    const root = this.pytorch ? spread.sqrt().add(epsilon) : spread.add(epsilon).sqrt();
    const change = (this.pytorch ? gradient : gradient.mul(rate!)).div(root);
    const step = momentum ? slots[1]!.mul(momentum).add(change) : change;
    return {
      value: value.sub(this.pytorch ? step.mul(rate!) : step),
      slots: [velocity, ...(momentum ? [step] : []), ...(average ? [average] : [])],
    };
  }
}

/** @see Rmsprop */
export const rmsprop = Object.assign((options?: RmspropOptions) => new Rmsprop(options), { info: Rmsprop.info });
