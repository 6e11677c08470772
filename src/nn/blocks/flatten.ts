import type { KindInfo } from "../../base/info";
import type { PartialShape, Shape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { nameField } from "../define/fields";
import { layerShape } from "../define/layerShape";

/** Block that `flatten` creates. */
export class Flatten extends Block {
  static readonly info: KindInfo = {
    kind: "flatten",
    title: { en: "Flatten", zh: "展平" },
    description: { en: "Turns each example into one row of numbers.", zh: "把每个样本变成一行数字。" },
    source: "Keras Flatten",
    shapeRule: "flatten",
    fields: [nameField],
  };

  constructor(options: { name?: string } = {}) {
    super(nameFrom(options, new.target));
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    return x.reshape(this.outputShape(x.shape) as Shape);
  }
}

/**
 * Joins all axes except the batch, so that each example becomes one row of numbers.
 *
 * Shapes: `[batch, a, b, ...]` -> `[batch, a * b * ...]`, and `[batch]` -> `[batch, 1]`; elements keep their order. The
 * layer has no weights.
 * @param options `name` replaces the layer's segment in paths; it has no default
 * @throws ArgumentError for an unknown option
 * @see Keras `Flatten`; PyTorch `Flatten`
 * @example
 * flatten().call(tensor([[[1, 2], [3, 4]]])); // => [[1, 2, 3, 4]]
 */
export function flatten(options?: {
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}): Flatten {
  return new Flatten(options);
}

flatten.info = Flatten.info;
