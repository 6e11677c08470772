import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { booleanField, numberField, type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface SgdOptions extends OptimizerOptions {
  /** Default 0. */
  momentum?: number;
  /** Looks ahead along the velocity (Nesterov). Default false. */
  nesterov?: boolean;
}

/**
 * `w -= learningRate * g`; with momentum `v = momentum * v - learningRate * g`,
 * `w += v`, or with nesterov `w += momentum * v - learningRate * g`.
 * learningRate 0.01 by default. Source: Keras SGD.
 */
export class Sgd extends Optimizer<SgdOptions> {
  static readonly info: KindInfo = {
    kind: "sgd",
    title: { en: "SGD", zh: "随机梯度下降" },
    description: { en: "Steps against the gradient, with or without momentum.", zh: "沿梯度反方向走一步，可带动量。" },
    formula: "w \\leftarrow w - \\eta g",
    source: "Keras SGD",
    fields: optimizerFields(0.01, [
      numberField("momentum", "Momentum", "动量", 0, 1),
      booleanField("nesterov", "Nesterov", "Nesterov 动量"),
    ]),
  };
  readonly slotNames = this.options.momentum ? ["momentum"] : [];

  protected update({ value, gradient, slots: [velocity], rates: [rate] }: UpdateCall): Update {
    const { momentum, nesterov } = this.options;
    const change = gradient.mul(rate!).neg();
    if (!velocity) return { value: value.add(change), slots: [] };
    const next = velocity.mul(momentum).add(change);
    return { value: value.add(nesterov ? next.mul(momentum).add(change) : next), slots: [next] };
  }
}

/** @see Sgd */
export const sgd = Object.assign((options?: SgdOptions) => new Sgd(options), { info: Sgd.info });
