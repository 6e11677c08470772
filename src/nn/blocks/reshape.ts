import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import type { PartialShape, Shape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { nameField } from "../define/fields";
import { layerShape } from "../define/layerShape";

/** Block that `reshape` creates. */
export class Reshape extends Block {
  static readonly info: KindInfo = {
    kind: "reshape",
    title: { en: "Reshape", zh: "改变形状" },
    description: { en: "Changes the shape of each example.", zh: "让每个样本换一个形状，元素不变。" },
    source: "Keras Reshape",
    shapeRule: "reshape",
    fields: [
      {
        name: "targetShape",
        title: { en: "Shape", zh: "形状" },
        type: "shape",
        positional: true,
        min: -1,
        default: [-1],
      },
      nameField,
    ],
  };

  constructor(
    readonly targetShape: Shape,
    options: { name?: string } = {},
  ) {
    super(nameFrom(options, new.target));
    if (!Array.isArray(targetShape))
      throw new ArgumentError({ at: "reshape()", expected: "a list of lengths", got: String(targetShape) });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    return x.reshape(this.outputShape(x.shape) as Shape);
  }
}

/**
 * Gives each example another shape of the same size; the batch stays.
 *
 * Shapes: `[batch, ...]` -> `[batch, ...targetShape]`; elements keep their order. One length may be -1: it is computed
 * from the others. The layer has no weights.
 * @param targetShape lengths of an example's axes, without the batch
 * @param options `name` replaces the layer's segment in paths; it has no default
 * @throws ArgumentError unless `targetShape` is an array, and for an unknown option; `call` throws ShapeError if the
 *   sizes differ
 * @see Keras `Reshape`; PyTorch `Unflatten`
 * @example
 * reshape([2, -1]).call(tensor([[1, 2, 3, 4]])); // => [[[1, 2], [3, 4]]]
 */
export function reshape(
  targetShape: Shape,
  options?: {
    /** Replaces the layer's segment in paths; without "/". No default. */
    name?: string;
  },
): Reshape {
  return new Reshape(targetShape, options);
}

reshape.info = Reshape.info;
