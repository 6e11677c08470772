import type { FieldInfo, KindInfo } from "../../base/info";
import { optionField, amountField } from "../trainingFields";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface MomentsOptions extends OptimizerOptions {
  /** How much of the mean gradient stays at each step. Default 0.9. */
  beta1?: number;
  /** How much of the second moment stays. Default 0.999. */
  beta2?: number;
  /** Keeps the division finite. Default 1e-7; 1e-8 in PyTorch's preset. */
  epsilon?: number;
}

export interface AdamOptions extends MomentsOptions {
  /** Divides by the greatest second moment so far (AMSGrad). Default false. */
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

/**
 * `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g^2`,
 * `w -= learningRate * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)`.
 * learningRate 0.001 by default. PyTorch's preset adds its epsilon to the
 * corrected root, `sqrt(v / (1 - b2^t))`: the same as `epsilon * sqrt(1 - b2^t)` here.
 * Source: Kingma & Ba 2015; Keras Adam.
 */
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

/** @see Adam */
export const adam = Object.assign((options?: AdamOptions) => new Adam(options), { info: Adam.info });
