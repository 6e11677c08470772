import type { KindInfo } from "../../base/info";
import type { Pair } from "../../base/slidingWindow";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField, paddingField, poolFields } from "../define/fields";
import { Pool2d, type Pool2dOptions } from "./families/pool2d";

/** Block that `maxPool2d` creates. */
export class MaxPool2d extends Pool2d {
  static readonly info: KindInfo = {
    kind: "maxPool2d",
    title: { en: "Max pooling", zh: "最大池化" },
    description: {
      en: "Takes the maximum of each window, channel by channel.",
      zh: "逐通道保留每个窗口里的最大值。",
    },
    formula: "y_{ijc} = \\max_{ab} x_{si+a,\\,sj+b,\\,c}",
    source: "Keras MaxPooling2D",
    shapeRule: "pool",
    fields: [...poolFields, paddingField, nameField],
  };

  forward(x: Operand): Tensor {
    return x.maxPool2d(this.window(x));
  }
}

/**
 * Max pooling: the greatest value of each window of an image, for each channel separately.
 *
 * Computes $y_{ijc} = \max_{ab} x_{si+a,\,sj+b,\,c}$ with strides $s$: `[batch, height, width, channels]` ->
 * `[batch, rows, columns, channels]`. With padding "valid" there are `floor((height - poolSize) / strides) + 1` rows,
 * with "same" `ceil(height / strides)`; columns likewise. The layer has no weights; the result is float32.
 * @param poolSize height and width of the window, whole numbers >= 1; 2 by default
 * @param options `strides` defaults to `poolSize`, `padding` to "valid"
 * @throws ArgumentError for a size, strides or padding out of range; `call` throws ShapeError for an input that is not
 *   rank 4 or is smaller than the window
 * @see Keras `MaxPooling2D`; PyTorch `MaxPool2d`
 * @example
 * const x = tensor([[1, 2], [3, 4]]).reshape([1, 2, 2, 1]);
 * maxPool2d(2).call(x); // => [[[[4]]]]
 */
export function maxPool2d(poolSize?: Pair, options?: Pool2dOptions): MaxPool2d {
  return new MaxPool2d(poolSize, options);
}

maxPool2d.info = MaxPool2d.info;
