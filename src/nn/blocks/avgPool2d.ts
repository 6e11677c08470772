import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField, paddingField, poolFields } from "../fields";
import type { Pair } from "../../tensor/define/window";
import { Pool2d, type Pool2dOptions } from "../pool2d";

/** Takes the mean of each window, channel by channel. [batch, height, width, channels] -> [batch, rows, columns, channels]. As Keras's AveragePooling2D. */
export class AvgPool2d extends Pool2d {
  static readonly info: KindInfo = {
    kind: "avgPool2d",
    title: { en: "Average pooling", zh: "平均池化" },
    description: { en: "Takes the mean of each window, channel by channel.", zh: "逐通道取每个窗口的平均值。" },
    formula: "y_{ijc} = \\mathrm{mean}_{ab}\\, x_{si+a,\\,sj+b,\\,c}",
    source: "Keras AveragePooling2D",
    fields: [...poolFields, paddingField, nameField],
  };

  forward(x: Operand): Tensor {
    return x.avgPool2d(this.window(x));
  }
}

/** @see AvgPool2d */
export function avgPool2d(poolSize?: Pair, options?: Pool2dOptions): AvgPool2d {
  return new AvgPool2d(poolSize, options);
}

avgPool2d.info = AvgPool2d.info;
