import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { leakyRelu as apply } from "../define/activations";
import { nameFrom } from "../define/blockOptions";
import { nameField, numberField } from "../define/fields";
import { layerShape } from "../define/layerShape";

/** Block that `leakyRelu` creates. */
export class LeakyRelu extends Block {
  static readonly info: KindInfo = {
    kind: "leakyRelu",
    title: { en: "Leaky ReLU", zh: "带泄漏 ReLU" },
    description: { en: "Lets a small fraction of negative values through.", zh: "让负值按一个小系数通过。" },
    formula: "y = \\max(x, 0) + \\alpha \\min(x, 0)",
    source: "Maas et al. 2013; Keras LeakyReLU",
    elementwise: true,
    shapeRule: "same",
    fields: [numberField("alpha", { en: "Alpha", zh: "负侧系数" }, 0.3, { positional: true, step: 0.05 }), nameField],
  };

  constructor(
    readonly alpha = 0.3,
    options: { name?: string } = {},
  ) {
    super(nameFrom(options, new.target));
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    return apply(x, this.alpha);
  }
}

/**
 * Leaky rectifier: positive elements stay, negative ones are multiplied by a small slope.
 *
 * Computes $y = \max(x, 0) + \alpha \min(x, 0)$. The shape does not change, and the layer has no weights.
 * `activation("leakyRelu")` has the slope 0.2.
 * @param alpha slope for negative elements; 0.3 by default
 * @param options `name` replaces the layer's segment in paths; it has no default
 * @throws ArgumentError for an unknown option
 * @see Maas et al. 2013; Keras `LeakyReLU`. PyTorch's `LeakyReLU` has the slope 0.01.
 * @example
 * leakyRelu().call(tensor([-10, 0, 2])); // => [-3, 0, 2]
 */
export function leakyRelu(
  alpha?: number,
  options?: {
    /** Replaces the layer's segment in paths; without "/". No default. */
    name?: string;
  },
): LeakyRelu {
  return new LeakyRelu(alpha, options);
}

leakyRelu.info = LeakyRelu.info;
