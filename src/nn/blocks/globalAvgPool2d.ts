import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { nameField, switchField } from "../define/fields";
import { layerShape } from "../define/layerShape";

/** Options of `globalAvgPool2d`. */
export interface GlobalAvgPool2dOptions {
  /** Keeps height and width as axes of length 1. Default false. */
  keepDims?: boolean;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Block that `globalAvgPool2d` creates. */
export class GlobalAvgPool2d extends Block {
  static readonly info: KindInfo = {
    kind: "globalAvgPool2d",
    title: { en: "Global average pooling", zh: "全局平均池化" },
    description: { en: "Takes the mean of each channel over the whole image.", zh: "对每个通道取整幅图像的平均值。" },
    formula: "y_c = \\frac{1}{hw} \\sum_{ij} x_{ijc}",
    source: "Keras GlobalAveragePooling2D",
    shapeRule: "globalPool",
    fields: [switchField("keepDims", { en: "Keep dims", zh: "保留轴" }, false), nameField],
  };

  constructor(readonly options: GlobalAvgPool2dOptions = {}) {
    super(nameFrom(options, new.target));
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    this.outputShape(x.shape);
    return x.mean([1, 2], this.options.keepDims);
  }
}

/**
 * Global average pooling: the mean of each channel over the whole image.
 *
 * Computes $y_c = \frac{1}{hw} \sum_{ij} x_{ijc}$: `[batch, height, width, channels]` -> `[batch, channels]`, or
 * `[batch, 1, 1, channels]` with `keepDims`. The layer has no weights.
 * @param options `keepDims` defaults to false
 * @throws ArgumentError for an unknown option; `call` throws ShapeError for an input that is not rank 4
 * @see Lin et al. 2014, "Network In Network"; Keras `GlobalAveragePooling2D`; PyTorch `AdaptiveAvgPool2d(1)`
 * @example
 * const x = tensor([[1, 10], [3, 30]]).reshape([1, 2, 1, 2]);
 * globalAvgPool2d().call(x); // => [[2, 20]]
 */
export function globalAvgPool2d(options?: GlobalAvgPool2dOptions): GlobalAvgPool2d {
  return new GlobalAvgPool2d(options);
}

globalAvgPool2d.info = GlobalAvgPool2d.info;
