import type { KindInfo } from "../../base/info";
import type { Tensor } from "../../tensor/tensor";
import { Optimizer, type Update } from "../optimizer";

export interface AdamOptions {
  /** Default 0.001. */
  learningRate?: number;
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
 * Source: Kingma & Ba 2015; Keras Adam.
 */
export class Adam extends Optimizer {
  static readonly info: KindInfo = {
    kind: "adam",
    title: { en: "Adam", zh: "Adam" },
    description: {
      en: "A step of its own for each parameter, by the first two moments of its gradient.",
      zh: "按梯度的一、二阶矩，为每个参数取各自的步长。",
    },
    formula: "w \\leftarrow w - \\eta \\frac{\\sqrt{1 - \\beta_2^t}}{1 - \\beta_1^t} \\frac{m}{\\sqrt{v} + \\epsilon}",
    source: "Kingma & Ba 2015; Keras Adam",
    fields: [
      { name: "learningRate", title: { en: "Learning rate", zh: "学习率" }, type: "number", default: 0.001, min: 0 },
      { name: "beta1", title: { en: "Beta 1", zh: "β₁" }, type: "number", default: 0.9, min: 0, max: 1 },
      { name: "beta2", title: { en: "Beta 2", zh: "β₂" }, type: "number", default: 0.999, min: 0, max: 1 },
      { name: "epsilon", title: { en: "Epsilon", zh: "ε" }, type: "number", default: 1e-7, min: 0 },
    ],
  };
  private readonly options: Required<Omit<AdamOptions, "learningRate">>;

  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}) {
    super(learningRate);
    this.options = { beta1, beta2, epsilon };
  }

  protected update(value: Tensor, gradient: Tensor, [m, v]: readonly Tensor[], step: number): Update {
    const { beta1, beta2, epsilon } = this.options;
    const fresh = gradient.mul(1 - beta1);
    const freshSquare = gradient.mul(gradient).mul(1 - beta2);
    const first = m ? m.mul(beta1).add(fresh) : fresh;
    const second = v ? v.mul(beta2).add(freshSquare) : freshSquare;
    const rate = (this.learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    return { value: value.sub(first.mul(rate).div(second.sqrt().add(epsilon))), slots: [first, second] };
  }
}

/** @see Adam */
export const adam = Object.assign((options?: AdamOptions) => new Adam(options), { info: Adam.info });
