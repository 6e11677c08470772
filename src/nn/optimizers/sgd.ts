import type { KindInfo } from "../../base/info";
import type { Tensor } from "../../tensor/tensor";
import { Optimizer, type Update } from "../optimizer";

export interface SgdOptions {
  /** Default 0.01. */
  learningRate?: number;
  /** Default 0. */
  momentum?: number;
  /** Looks ahead along the velocity (Nesterov). Default false. */
  nesterov?: boolean;
}

/**
 * `w -= learningRate * g`; with momentum `v = momentum * v - learningRate * g`,
 * `w += v`, or with nesterov `w += momentum * v - learningRate * g`. Source: Keras SGD.
 */
export class Sgd extends Optimizer {
  static readonly info: KindInfo = {
    kind: "sgd",
    title: { en: "SGD", zh: "随机梯度下降" },
    description: { en: "Steps against the gradient, with or without momentum.", zh: "沿梯度反方向走一步，可带动量。" },
    formula: "w \\leftarrow w - \\eta g",
    source: "Keras SGD",
    fields: [
      { name: "learningRate", title: { en: "Learning rate", zh: "学习率" }, type: "number", default: 0.01, min: 0 },
      { name: "momentum", title: { en: "Momentum", zh: "动量" }, type: "number", default: 0, min: 0, max: 1 },
      { name: "nesterov", title: { en: "Nesterov", zh: "Nesterov 动量" }, type: "boolean", default: false },
    ],
  };
  private readonly momentum: number;
  private readonly nesterov: boolean;

  constructor({ learningRate = 0.01, momentum = 0, nesterov = false }: SgdOptions = {}) {
    super(learningRate);
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  protected update(value: Tensor, gradient: Tensor, [velocity]: readonly Tensor[]): Update {
    const change = gradient.mul(-this.learningRate);
    if (this.momentum === 0) return { value: value.add(change), slots: [] };
    const next = velocity ? velocity.mul(this.momentum).add(change) : change;
    return { value: value.add(this.nesterov ? next.mul(this.momentum).add(change) : next), slots: [next] };
  }
}

/** @see Sgd */
export const sgd = Object.assign((options?: SgdOptions) => new Sgd(options), { info: Sgd.info });
