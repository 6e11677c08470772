import type { KindInfo } from "../../base/info";
import { full } from "../../tensor/creation";
import type { Tensor } from "../../tensor/tensor";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { type OptimizerOptions, optimizerFields } from "../define/optimizerFields";
import { amountField } from "../define/trainingFields";

/** Options of `adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** Start of the sum of squares, >= 0. Default 0.1; 0 with PyTorch's preset. */
  initialAccumulatorValue?: number;
  /** Number that keeps the division finite, >= 0. Default 1e-7; 1e-10 with PyTorch's preset. */
  epsilon?: number;
}

/** Optimizer that `adagrad` creates. */
export class Adagrad extends Optimizer<AdagradOptions> {
  static readonly info: KindInfo = {
    kind: "adagrad",
    title: { en: "Adagrad", zh: "Adagrad" },
    description: {
      en: "Divides each gradient by the root of the accumulated sum of its squares.",
      zh: "用历次梯度平方和的平方根来除梯度。",
    },
    formula: "w \\leftarrow w - \\eta \\frac{g}{\\sqrt{\\sum g^2 + \\epsilon}}",
    source: "Duchi et al. 2011; Keras Adagrad",
    fields: optimizerFields(0.001, [
      amountField("initialAccumulatorValue", { en: "Initial accumulator", zh: "平方和的初值" }, 0.1),
      amountField("epsilon", { en: "Epsilon", zh: "ε" }, 1e-7),
    ]),
  };
  static readonly pytorch = { learningRate: 0.01, initialAccumulatorValue: 0, epsilon: 1e-10 };
  readonly slotNames = ["accumulator"];

  protected override initialSlot(_name: string, { shape, device }: Tensor): Tensor {
    return full(shape, this.options.initialAccumulatorValue, { device });
  }

  protected update({ value, gradient, slots: [before], rates: [rate] }: UpdateCall): Update {
    const { epsilon } = this.options;
    const sum = before!.add(gradient.square());
    const root = this.pytorch ? sum.sqrt().add(epsilon) : sum.add(epsilon).sqrt();
    return { value: value.sub(gradient.mul(rate!).div(root)), slots: [sum] };
  }
}

/**
 * Adagrad: divides each gradient by the root of the sum of all its squares so far.
 *
 * With the sum $a$, which starts at `initialAccumulatorValue`: $a \leftarrow a + g^2$,
 * $w \leftarrow w - \eta g / \sqrt{a + \epsilon}$. PyTorch's preset divides by $\sqrt{a} + \epsilon$.
 * @param options `learningRate`, $\eta$, defaults to 0.001, `initialAccumulatorValue` to 0.1, `epsilon` to 1e-7,
 *   `weightDecay` and the three bounds of gradients to null. With `preset: "pytorch"`: 0.01, 0, 1e-10.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Duchi et al. 2011; Keras `Adagrad`; PyTorch `Adagrad`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * await optimizers.adagrad({ learningRate: 0.1 }).minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.9012]
 */
export const adagrad = Object.assign((options?: AdagradOptions) => new Adagrad(options), { info: Adagrad.info });
