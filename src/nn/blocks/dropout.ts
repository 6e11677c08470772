import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import { random } from "../../tensor/randomOps";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { nameField } from "../define/fields";
import { layerShape } from "../define/layerShape";

/** Block that `dropout` creates. */
export class Dropout extends Block {
  static readonly info: KindInfo = {
    kind: "dropout",
    title: { en: "Dropout", zh: "随机失活" },
    description: { en: "Drops random elements during training.", zh: "训练时随机丢弃一部分元素。" },
    formula: "y = x \\cdot m / (1 - p),\\; m \\sim \\mathrm{Bernoulli}(1 - p)",
    source: "Srivastava et al. 2014; Keras Dropout",
    shapeRule: "same",
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
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    if (!this.training || this.rate === 0) return x.asTensor();
    const kept = random.bernoulli(x.shape, 1 - this.rate, { device: x.device });
    return x.mul(kept).div(1 - this.rate);
  }
}

/**
 * Dropout: while training, sets elements to 0 at random and scales the rest up, so that the mean stays the same.
 *
 * Computes $y = x \cdot m / (1 - p)$, where $p$ is `rate` and each element of $m$ is 1 with probability $1 - p$, else
 * 0; outside training $y = x$. The shape does not change, and the layer has no weights. Masks come from the session's
 * stream of random numbers, which `setSeed` restarts.
 * @param rate probability that an element is dropped, in [0, 1)
 * @param options `name` replaces the layer's segment in paths; it has no default
 * @throws ArgumentError for a rate outside [0, 1) and for an unknown option
 * @see Srivastava et al. 2014; Keras `Dropout`; PyTorch `Dropout`
 * @example
 * setSeed(42);
 * const layer = dropout(0.5);
 * layer.call(ones([4])); // => [1, 1, 1, 1]
 * layer.call(ones([4]), { training: true }); // => [2, 0, 2, 0]
 */
export function dropout(
  rate: number,
  options?: {
    /** Replaces the layer's segment in paths; without "/". No default. */
    name?: string;
  },
): Dropout {
  return new Dropout(rate, options);
}

dropout.info = Dropout.info;
