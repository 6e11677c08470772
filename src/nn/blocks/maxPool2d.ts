import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField, paddingField, poolFields } from "../fields";
import type { Pair } from "../../tensor/define/window";
import { Pool2d, type Pool2dOptions } from "../pool2d";

/** Keeps the greatest value of each window, channel by channel. [batch, height, width, channels] -> [batch, rows, columns, channels]. As Keras's MaxPooling2D. */
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
    fields: [...poolFields, paddingField, nameField],
  };

  forward(x: Operand): Tensor {
    return x.maxPool2d(this.window(x));
  }
}

/** @see MaxPool2d */
export function maxPool2d(poolSize?: Pair, options?: Pool2dOptions): MaxPool2d {
  return new MaxPool2d(poolSize, options);
}

maxPool2d.info = MaxPool2d.info;
