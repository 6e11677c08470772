import type { KindInfo } from "../../base/info";
import type { Pair } from "../../base/slidingWindow";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField, paddingField, poolFields } from "../define/fields";
import { Pool2d, type Pool2dOptions } from "./families/pool2d";

/** Block that `avgPool2d` creates. */
export class AvgPool2d extends Pool2d {
  static readonly info: KindInfo = {
    kind: "avgPool2d",
    title: { en: "Average pooling", zh: "平均池化" },
    description: { en: "Takes the mean of each window, channel by channel.", zh: "逐通道取每个窗口的平均值。" },
    formula: "y_{ijc} = \\mathrm{mean}_{ab}\\, x_{si+a,\\,sj+b,\\,c}",
    source: "Keras AveragePooling2D",
    shapeRule: "pool",
    fields: [...poolFields, paddingField, nameField],
  };

  forward(x: Operand): Tensor {
    return x.avgPool2d(this.window(x));
  }
}

/**
 * Average pooling: the mean of each window of an image, for each channel separately.
 *
 * Computes $y_{ijc} = \frac{1}{n} \sum_{ab} x_{si+a,\,sj+b,\,c}$ over the window's $n$ pixels, with strides $s$:
 * `[batch, height, width, channels]` -> `[batch, rows, columns, channels]`. With padding "valid" there are
 * `floor((height - poolSize) / strides) + 1` rows, with "same" `ceil(height / strides)`; columns likewise. Padding does
 * not count in the mean. The layer has no weights; the result is float32.
 * @param poolSize height and width of the window, whole numbers >= 1; 2 by default
 * @param options `strides` defaults to `poolSize`, `padding` to "valid"
 * @throws ArgumentError for a size, strides or padding out of range; `call` throws ShapeError for an input that is not
 *   rank 4 or is smaller than the window
 * @see Keras `AveragePooling2D`; PyTorch `AvgPool2d` with `count_include_pad=False`
 * @example
 * const x = tensor([[1, 2], [3, 4]]).reshape([1, 2, 2, 1]);
 * avgPool2d(2).call(x); // => [[[[2.5]]]]
 */
export function avgPool2d(poolSize?: Pair, options?: Pool2dOptions): AvgPool2d {
  return new AvgPool2d(poolSize, options);
}

avgPool2d.info = AvgPool2d.info;
