import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import { random } from "../../tensor/random";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { nameField } from "../fields";

/**
 * While training, sets each element to 0 with probability `rate` and divides the
 * rest by 1 - rate, so that the mean stays; else does nothing. The shape stays.
 * Source: Srivastava et al., JMLR 2014; Keras Dropout.
 */
export class Dropout extends Block {
  static readonly info: KindInfo = {
    kind: "dropout",
    title: { en: "Dropout", zh: "随机失活" },
    description: { en: "Drops random elements during training.", zh: "训练时随机丢弃一部分元素。" },
    formula: "y = x \\cdot m / (1 - p),\\; m \\sim \\mathrm{Bernoulli}(1 - p)",
    source: "Srivastava et al. 2014; Keras Dropout",
    fields: [
      {
        name: "rate",
        title: { en: "Rate", zh: "丢弃率" },
        type: "number",
        positional: true,
        default: 0.5,
        min: 0,
        max: 0.99,
        step: 0.05,
      },
      nameField,
    ],
  };

  constructor(
    readonly rate: number,
    options: { name?: string } = {},
  ) {
    super(nameFrom(options, new.target));
    if (!(rate >= 0 && rate < 1))
      throw new ArgumentError({ at: "dropout()", expected: "a rate in [0, 1)", got: String(rate) });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  forward(x: Operand): Tensor {
    if (!this.training || this.rate === 0) return x.asTensor();
    const kept = random.bernoulli(x.shape, 1 - this.rate, { device: x.device });
    return x.mul(kept).div(1 - this.rate);
  }
}

/** @see Dropout */
export function dropout(rate: number, options?: { name?: string }): Dropout {
  return new Dropout(rate, options);
}

dropout.info = Dropout.info;
