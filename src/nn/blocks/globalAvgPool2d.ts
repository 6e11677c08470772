import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { nameField, switchField } from "../fields";
import { checkInput, images } from "../inputs";

export interface GlobalAvgPool2dOptions {
  /** Leaves height and width as lengths of 1. Default false. */
  keepDims?: boolean;
  name?: string;
}

/** The mean of each channel: [batch, height, width, channels] -> [batch, channels]. As Keras's GlobalAveragePooling2D. */
export class GlobalAvgPool2d extends Block {
  static readonly info: KindInfo = {
    kind: "globalAvgPool2d",
    title: { en: "Global average pooling", zh: "全局平均池化" },
    description: { en: "Takes the mean of each channel over the whole image.", zh: "对每个通道取整幅图像的平均值。" },
    formula: "y_c = \\frac{1}{hw} \\sum_{ij} x_{ijc}",
    source: "Keras GlobalAveragePooling2D",
    fields: [switchField("keepDims", { en: "Keep dims", zh: "保留轴" }, false), nameField],
  };

  constructor(readonly options: GlobalAvgPool2dOptions = {}) {
    super(nameFrom(options, new.target));
  }

  override outputShape([batch = null, , , channels = null]: PartialShape): PartialShape {
    return this.options.keepDims ? [batch, 1, 1, channels] : [batch, channels];
  }

  forward(x: Operand): Tensor {
    checkInput(this.label, x.shape, images());
    return x.mean([1, 2], this.options.keepDims);
  }
}

/** @see GlobalAvgPool2d */
export function globalAvgPool2d(options?: GlobalAvgPool2dOptions): GlobalAvgPool2d {
  return new GlobalAvgPool2d(options);
}

globalAvgPool2d.info = GlobalAvgPool2d.info;
