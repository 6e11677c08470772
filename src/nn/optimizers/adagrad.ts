import type { KindInfo } from "../../base/info";
import { full } from "../../tensor/creation";
import type { Tensor } from "../../tensor/tensor";
import { amountField } from "../trainingFields";
import { Optimizer, type Update, type UpdateCall } from "../optimizer";
import { type OptimizerOptions, optimizerFields } from "../optimizerFields";

export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares starts at. Default 0.1; 0 in PyTorch's preset. */
  initialAccumulatorValue?: number;
  /** Default 1e-7; 1e-10 in PyTorch's preset. */
  epsilon?: number;
}

/**
 * `a += g^2`, `w -= learningRate * g / sqrt(a + epsilon)`. learningRate 0.001 by
 * default. PyTorch's preset: 0.01, `sqrt(a) + epsilon`. Source: Duchi et al. 2011; Keras Adagrad.
 */
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

/** @see Adagrad */
export const adagrad = Object.assign((options?: AdagradOptions) => new Adagrad(options), { info: Adagrad.info });
