import type { FieldInfo, KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { type OptimizerOptions, optimizerFields } from "../define/optimizerFields";
import { optionField, amountField } from "../define/trainingFields";

/** Options of `adamax` and `nadam`; those of `adam` extend them. */
export interface MomentsOptions extends OptimizerOptions {
  /** Share of the mean gradient kept at each step, in [0, 1]. Default 0.9. */
  beta1?: number;
  /** Share of the second moment kept at each step, in [0, 1]. Default 0.999. */
  beta2?: number;
  /** Number that keeps the division finite, >= 0. Default 1e-7; 1e-8 with PyTorch's preset. */
  epsilon?: number;
}

/** Options of `adam` and `adamW`. */
export interface AdamOptions extends MomentsOptions {
  /** Divides by the greatest second moment so far (AMSGrad, Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
}

export const momentsFields: readonly FieldInfo[] = [
  amountField("beta1", { en: "Beta 1", zh: "β₁" }, 0.9, 1),
  amountField("beta2", { en: "Beta 2", zh: "β₂" }, 0.999, 1),
  amountField("epsilon", { en: "Epsilon", zh: "ε" }, 1e-7),
];
export const adamFields: readonly FieldInfo[] = [
  ...momentsFields,
  optionField("amsgrad", { en: "AMSGrad", zh: "AMSGrad" }),
];

/** Optimizer that `adam` creates. */
export class Adam extends Optimizer<AdamOptions> {
  static readonly info: KindInfo = {
    kind: "adam",
    title: { en: "Adam", zh: "Adam" },
    description: {
      en: "Adapts the step of each parameter using the first two moments of its gradient.",
      zh: "按梯度的一、二阶矩，为每个参数取各自的步长。",
    },
    formula: "w \\leftarrow w - \\eta \\frac{\\sqrt{1 - \\beta_2^t}}{1 - \\beta_1^t} \\frac{m}{\\sqrt{v} + \\epsilon}",
    source: "Kingma & Ba 2015; Keras Adam",
    fields: optimizerFields(0.001, adamFields),
  };
  static readonly pytorch: Partial<AdamOptions> = { epsilon: 1e-8 };
  readonly slotNames = ["momentum", "velocity", ...(this.options.amsgrad ? ["greatestVelocity"] : [])];

  override rates(step: number): number[] {
    const { beta1, beta2, epsilon } = this.options;
    const rate = this.rateAt(step);
    const root = Math.sqrt(1 - beta2 ** step);
    return [rate, (rate * root) / (1 - beta1 ** step), ...(this.pytorch ? [epsilon * root] : [])];
  }

  protected update({ value, gradient, slots: [m, v, greatest], rates: [, rate, floor] }: UpdateCall): Update {
    const { beta1, beta2, epsilon } = this.options;
    const first = m!.mul(beta1).add(gradient.mul(1 - beta1));
    const second = v!.mul(beta2).add(gradient.square().mul(1 - beta2));
    const most = greatest?.maximum(second);
    const root = (most ?? second).sqrt().add(floor ?? epsilon);
    return { value: value.sub(first.mul(rate!).div(root)), slots: [first, second, ...(most ? [most] : [])] };
  }
}

/**
 * Adam: a separate step size for each element, from the running mean and mean square of its gradient.
 *
 * With $m$ and $v$, which start at 0, and $t$ the number of the step, from 1:
 *
 * - $m \leftarrow \beta_1 m + (1 - \beta_1) g$
 * - $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$
 * - $w \leftarrow w - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \frac{m}{\sqrt{v} + \epsilon}$
 *
 * PyTorch's preset adds $\epsilon$ to the corrected root $\sqrt{v / (1 - \beta_2^t)}$ instead.
 * @param options `learningRate`, $\eta$, defaults to 0.001, `beta1` to 0.9, `beta2` to 0.999, `epsilon` to 1e-7,
 *   `amsgrad` to false, `weightDecay` and the three bounds of gradients to null. With `preset: "pytorch"`, `epsilon`
 *   defaults to 1e-8.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Kingma & Ba 2015; Keras `Adam`; PyTorch `Adam`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * await optimizers.adam({ learningRate: 0.1 }).minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.9]
 */
export const adam = Object.assign((options?: AdamOptions) => new Adam(options), { info: Adam.info });
