import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { elu as apply } from "../define/activations";
import { nameFrom } from "../define/blockOptions";
import { nameField, numberField } from "../define/fields";
import { layerShape } from "../define/layerShape";

/** Block that `elu` creates. */
export class Elu extends Block {
  static readonly info: KindInfo = {
    kind: "elu",
    title: { en: "ELU", zh: "ELU" },
    description: { en: "Bends negative values smoothly towards -alpha.", zh: "让负值平滑地趋于 -alpha。" },
    formula: "y = \\max(x, 0) + \\alpha (e^{\\min(x, 0)} - 1)",
    source: "Clevert et al. 2016; Keras ELU",
    elementwise: true,
    shapeRule: "same",
    fields: [numberField("alpha", { en: "Alpha", zh: "负侧系数" }, 1, { positional: true, step: 0.05 }), nameField],
  };

  constructor(
    readonly alpha = 1,
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
 * Exponential linear unit: positive elements stay, negative ones bend smoothly towards `-alpha`.
 *
 * Computes $y = x$ where $x > 0$, else $\alpha (e^x - 1)$. The shape does not change, and the layer has no weights.
 * @param alpha limit of the result for very negative elements, with its sign reversed; 1 by default
 * @param options `name` replaces the layer's segment in paths; it has no default
 * @throws ArgumentError for an unknown option
 * @see Clevert et al. 2016; Keras `ELU`; PyTorch `ELU`
 * @example
 * elu().call(tensor([-1, 0, 2])); // => [-0.6321, 0, 2]
 */
export function elu(
  alpha?: number,
  options?: {
    /** Replaces the layer's segment in paths; without "/". No default. */
    name?: string;
  },
): Elu {
  return new Elu(alpha, options);
}

elu.info = Elu.info;
