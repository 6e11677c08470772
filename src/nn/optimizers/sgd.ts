import type { KindInfo } from "../../base/info";
import { optionField, amountField } from "../trainingFields";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface SgdOptions extends OptimizerOptions {
  /** Default 0. */
  momentum?: number;
  /** Looks ahead along the velocity (Nesterov). Default false. */
  nesterov?: boolean;
}

/**
 * `w -= learningRate * g`; with momentum `v = momentum * v - learningRate * g`,
 * `w += v`, or with nesterov `w += momentum * v - learningRate * g`.
 * learningRate 0.01 by default, 0.001 in PyTorch's preset. There
 * `v = momentum * v + g`, `w -= learningRate * v`: another path only where the
 * learning rate changes. Source: Keras SGD.
 */
export class Sgd extends Optimizer<SgdOptions> {
  static readonly info: KindInfo = {
    kind: "sgd",
    title: { en: "SGD", zh: "随机梯度下降" },
    description: { en: "Steps against the gradient, with or without momentum.", zh: "沿梯度反方向走一步，可带动量。" },
    formula: "w \\leftarrow w - \\eta g",
    source: "Keras SGD",
    fields: optimizerFields(0.01, [
      amountField("momentum", { en: "Momentum", zh: "动量" }, 0, 1),
      optionField("nesterov", { en: "Nesterov", zh: "Nesterov 动量" }),
    ]),
  };
  static readonly pytorch = { learningRate: 0.001 };
  readonly slotNames = this.options.momentum ? ["momentum"] : [];

  protected update({ value, gradient, slots: [velocity], rates: [rate] }: UpdateCall): Update {
    const { momentum, nesterov } = this.options;
    const change = this.pytorch ? gradient : gradient.mul(rate!);
    const next = velocity ? velocity.mul(momentum).add(change) : change;
    const step = velocity && nesterov ? next.mul(momentum).add(change) : next;
    return { value: value.sub(this.pytorch ? step.mul(rate!) : step), slots: velocity ? [next] : [] };
  }
}

/** @see Sgd */
export const sgd = Object.assign((options?: SgdOptions) => new Sgd(options), { info: Sgd.info });
