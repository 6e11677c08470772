import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { type OptimizerOptions, optimizerFields } from "../define/optimizerFields";
import { amountField } from "../define/trainingFields";

/** Options of `adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Share of both running means kept at each step, in [0, 1]. Default 0.95; 0.9 with PyTorch's preset. */
  rho?: number;
  /** Number added to both running means, >= 0. Default 1e-7; 1e-6 with PyTorch's preset. */
  epsilon?: number;
}

/** Optimizer that `adadelta` creates. */
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

/**
 * Adadelta: scales each gradient by the ratio of recent steps to recent gradients.
 *
 * With the running means $a$ and $u$, which start at 0:
 *
 * - $a \leftarrow \rho a + (1 - \rho) g^2$
 * - $d = g \sqrt{u + \epsilon} / \sqrt{a + \epsilon}$
 * - $u \leftarrow \rho u + (1 - \rho) d^2$
 * - $w \leftarrow w - \eta d$
 *
 * @param options `learningRate`, $\eta$, defaults to 0.001, `rho` to 0.95, `epsilon` to 1e-7, `weightDecay` and the
 *   three bounds of gradients to null. With `preset: "pytorch"`: 1, 0.9, 1e-6, as in the paper.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Zeiler 2012; Keras `Adadelta`; PyTorch `Adadelta`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * await optimizers.adadelta({ learningRate: 1 }).minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.9986]
 */
export const adadelta = Object.assign((options?: AdadeltaOptions) => new Adadelta(options), { info: Adadelta.info });
