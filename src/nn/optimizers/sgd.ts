import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { type OptimizerOptions, optimizerFields } from "../define/optimizerFields";
import { optionField, amountField } from "../define/trainingFields";

/** Options of `sgd`. */
export interface SgdOptions extends OptimizerOptions {
  /** Share of the velocity kept at each step, in [0, 1]. Default 0. */
  momentum?: number;
  /** Looks ahead along the velocity (Nesterov). Default false. */
  nesterov?: boolean;
}

/** Optimizer that `sgd` creates. */
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

/**
 * Stochastic gradient descent: steps against the gradient, with or without momentum.
 *
 * $w \leftarrow w - \eta g$. With momentum $\mu$ and the velocity $v$, which starts at 0, $v \leftarrow \mu v + \eta g$
 * and $w \leftarrow w - v$, or with `nesterov` $w \leftarrow w - (\mu v + \eta g)$. PyTorch's preset has
 * $v \leftarrow \mu v + g$ and $w \leftarrow w - \eta v$, which differs only where the learning rate changes.
 * @param options `learningRate`, $\eta$, defaults to 0.01, `momentum` to 0, `nesterov` to false, `weightDecay` and the
 *   three bounds of gradients to null. With `preset: "pytorch"`, `learningRate` defaults to 0.001.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Sutskever et al. 2013 for both kinds of momentum; Keras `SGD`; PyTorch `SGD`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * const optimizer = optimizers.sgd({ learningRate: 0.1 });
 * await optimizer.minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.8]
 */
export const sgd = Object.assign((options?: SgdOptions) => new Sgd(options), { info: Sgd.info });
