import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { type OptimizerOptions, optimizerFields } from "../define/optimizerFields";
import { optionField, amountField } from "../define/trainingFields";

/** Options of `rmsprop`. */
export interface RmspropOptions extends OptimizerOptions {
  /** Share of the mean square kept at each step, in [0, 1]. Default 0.9; 0.99 with PyTorch's preset. */
  rho?: number;
  /** Share of the previous step added to each step, in [0, 1]. Default 0. */
  momentum?: number;
  /** Number that keeps the division finite, >= 0. Default 1e-7; 1e-8 with PyTorch's preset. */
  epsilon?: number;
  /**
   * Divides by the running standard deviation: the squared mean gradient is subtracted from the mean square. Default
   * false.
   */
  centered?: boolean;
}

/** Optimizer that `rmsprop` creates. */
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

/**
 * RMSprop: divides each gradient by the root of its running mean square.
 *
 * With $v$, which starts at 0: $v \leftarrow \rho v + (1 - \rho) g^2$, $d = \eta g / \sqrt{v + \epsilon}$; with
 * momentum $\mu$, $m \leftarrow \mu m + d$ and $w \leftarrow w - m$, else $w \leftarrow w - d$. PyTorch's preset
 * divides by $\sqrt{v} + \epsilon$ and multiplies by $\eta$ after the momentum.
 * @param options `learningRate`, $\eta$, defaults to 0.001, `rho` to 0.9, `momentum` to 0, `epsilon` to 1e-7,
 *   `centered` to false, `weightDecay` and the three bounds of gradients to null. With `preset: "pytorch"`,
 *   `learningRate` defaults to 0.01, `rho` to 0.99, `epsilon` to 1e-8.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Tieleman & Hinton 2012, lecture 6.5; Keras `RMSprop`; PyTorch `RMSprop`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * await optimizers.rmsprop({ learningRate: 0.1 }).minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.6838]
 */
export const rmsprop = Object.assign((options?: RmspropOptions) => new Rmsprop(options), { info: Rmsprop.info });
