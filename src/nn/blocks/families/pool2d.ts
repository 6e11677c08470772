import type { PartialShape } from "../../../base/shape";
import { type Pair, type Padding, pairOf, windowOf } from "../../../base/slidingWindow";
import type { PoolOptions } from "../../../tensor/define/pool";
import type { Operand, Tensor } from "../../../tensor/tensor";
import { Block } from "../../block/block";
import { constructorLabel, nameFrom } from "../../define/blockOptions";
import { layerShape } from "../../define/layerShape";

/** Options of `maxPool2d` and `avgPool2d`. */
export interface Pool2dOptions {
  /** Distance between neighbouring windows along height and width, whole numbers >= 1. Default null: the pool size. */
  strides?: Pair | null;
  /**
   * "valid": windows lie inside the image; "same": padding keeps `ceil(size / strides)` windows a side. Default
   * "valid".
   */
  padding?: Padding;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Base of layers that reduce each window of an image to one value, for each channel separately. */
export abstract class Pool2d extends Block {
  constructor(
    readonly poolSize: Pair = 2,
    readonly options: Pool2dOptions = {},
  ) {
    super(nameFrom(options, new.target));
    const at = constructorLabel(new.target);
    pairOf(at, "a pool size", poolSize);
    windowOf(at, poolSize, options.strides ?? poolSize, { padding: options.padding });
  }

  abstract override forward(x: Operand): Tensor;

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  /**
   * Checks the input and returns the options of the pooling op.
   * @throws ShapeError unless the window fits into the images
   */
  protected window(x: Operand): PoolOptions {
    this.outputShape(x.shape);
    const { strides, padding } = this.options;
    return { poolSize: this.poolSize, strides: strides ?? this.poolSize, padding };
  }
}
