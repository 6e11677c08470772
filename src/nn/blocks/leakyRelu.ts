import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { leakyRelu as apply } from "../activations";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { nameField, numberField } from "../fields";

/** `x` where it is positive, else `alpha x`; alpha is 0.3 by default, and 0.2 in `activation("leakyRelu")`. The shape stays. As Keras's LeakyReLU. */
export class LeakyRelu extends Block {
  static readonly info: KindInfo = {
    kind: "leakyRelu",
    title: { en: "Leaky ReLU", zh: "带泄漏 ReLU" },
    description: { en: "Lets a small fraction of negative values through.", zh: "让负值按一个小系数通过。" },
    formula: "y = \\max(x, 0) + \\alpha \\min(x, 0)",
    source: "Maas et al. 2013; Keras LeakyReLU",
    elementwise: true,
    fields: [numberField("alpha", { en: "Alpha", zh: "负侧系数" }, 0.3, { positional: true, step: 0.05 }), nameField],
  };

  constructor(
    readonly alpha = 0.3,
    options: { name?: string } = {},
  ) {
    super(nameFrom(options, new.target));
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  forward(x: Operand): Tensor {
    return apply(x, this.alpha);
  }
}

/** @see LeakyRelu */
export function leakyRelu(alpha?: number, options?: { name?: string }): LeakyRelu {
  return new LeakyRelu(alpha, options);
}

leakyRelu.info = LeakyRelu.info;
