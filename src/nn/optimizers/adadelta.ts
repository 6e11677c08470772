import type { KindInfo } from "../../base/info";
import { amountField } from "../trainingFields";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface AdadeltaOptions extends OptimizerOptions {
  /** How much of both mean squares stays at each step. Default 0.95; 0.9 in PyTorch's preset. */
  rho?: number;
  /** Default 1e-7; 1e-6 in PyTorch's preset. */
  epsilon?: number;
}

/**
 * `a = rho a + (1 - rho) g^2`, `d = sqrt(u + epsilon) / sqrt(a + epsilon) * g`,
 * `u = rho u + (1 - rho) d^2`, `w -= learningRate * d`. learningRate 0.001 by
 * default, 1 in PyTorch's preset as in the paper. Source: Zeiler 2012; Keras Adadelta.
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  static readonly info: KindInfo = {
    kind: "adadelta",
    title: { en: "Adadelta", zh: "Adadelta" },
    description: {
      en: "Scales each gradient by the ratio of recent steps to recent gradients.",
      zh: "按近期步长与近期梯度之比缩放梯度。",
    },
    formula: "w \\leftarrow w - \\eta \\frac{\\sqrt{u + \\epsilon}}{\\sqrt{a + \\epsilon}} g",
    source: "Zeiler 2012; Keras Adadelta",
    fields: optimizerFields(0.001, [
      amountField("rho", { en: "Rho", zh: "ρ" }, 0.95, 1),
      amountField("epsilon", { en: "Epsilon", zh: "ε" }, 1e-7),
    ]),
  };
  static readonly pytorch = { learningRate: 1, rho: 0.9, epsilon: 1e-6 };
  readonly slotNames = ["accumulatedGradient", "accumulatedChange"];

  protected update({ value, gradient, slots: [squares, changes], rates: [rate] }: UpdateCall): Update {
    const { rho, epsilon } = this.options;
    const seen = squares!.mul(rho).add(gradient.square().mul(1 - rho));
    const change = changes!.add(epsilon).sqrt().div(seen.add(epsilon).sqrt()).mul(gradient);
    const made = changes!.mul(rho).add(change.square().mul(1 - rho));
    return { value: value.sub(change.mul(rate!)), slots: [seen, made] };
  }
}

/** @see Adadelta */
export const adadelta = Object.assign((options?: AdadeltaOptions) => new Adadelta(options), { info: Adadelta.info });
