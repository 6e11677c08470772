import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import { pairOf, type Pair, type WindowOptions, windowOf } from "../../base/slidingWindow";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { type Activation, activationOf } from "../define/activations";
import { nameFrom } from "../define/blockOptions";
import {
  activationField,
  countField,
  kernelFields,
  nameField,
  paddingField,
  pairField,
  stridesField,
} from "../define/fields";
import type { Initializer } from "../define/initializer";
import { checkCount, checkInput, imageShape, widthOf } from "../define/inputs";
import { layerShape } from "../define/layerShape";
import { glorotUniform } from "../initializers/glorotUniform";
import { zeros } from "../initializers/zeros";

/** Options of `depthwiseConv2d`; `strides` defaults to 1, `padding` to "valid", `dilationRate` to 1. */
export interface DepthwiseConv2dOptions extends WindowOptions {
  /** Number of results for each channel, a whole number >= 1. Default 1. */
  depthMultiplier?: number;
  /** Activation of the result: a name or a function of one tensor. Default "linear". */
  activation?: Activation;
  /** Adds a bias to each result. Default true. */
  useBias?: boolean;
  /** Initializer of the kernel. Default glorotUniform. */
  kernelInitializer?: Initializer;
  /** Initializer of the bias. Default zeros. */
  biasInitializer?: Initializer;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Block that `depthwiseConv2d` creates. */
export class DepthwiseConv2d extends Block {
  static readonly info: KindInfo = {
    kind: "depthwiseConv2d",
    title: { en: "Depthwise convolution", zh: "逐通道卷积" },
    description: {
      en: "Slides a separate filter over each channel without mixing channels.",
      zh: "每个通道用自己的滤波器卷积，通道之间互不混合。",
    },
    formula: "y_{ij,\\,cm} = \\sigma(\\sum_{ab} x_{i+a,\\,j+b,\\,c}\\, k_{abcm} + b_{cm})",
    source: "Keras DepthwiseConv2D",
    shapeRule: "depthwise",
    fields: [
      { ...pairField("kernelSize", { en: "Kernel size", zh: "卷积核大小" }, 3), positional: true },
      { ...countField("depthMultiplier", { en: "Depth multiplier", zh: "每通道输出数" }, 1), positional: false },
      stridesField,
      paddingField,
      pairField("dilationRate", { en: "Dilation", zh: "膨胀率" }, 1),
      activationField("linear"),
      ...kernelFields,
      nameField,
    ],
  };
  private readonly activate: (x: Operand) => Tensor;

  constructor(
    readonly kernelSize: Pair,
    readonly options: DepthwiseConv2dOptions = {},
  ) {
    super(nameFrom(options, new.target));
    checkCount("depthwiseConv2d()", "outputs for each channel", options.depthMultiplier ?? 1);
    windowOf("depthwiseConv2d()", kernelSize, 1, options);
    this.activate = activationOf(options.activation, "depthwiseConv2d()");
  }

  override build(inputShape: PartialShape): void {
    this.outputShape(inputShape);
    const {
      depthMultiplier = 1,
      useBias = true,
      kernelInitializer = glorotUniform(),
      biasInitializer = zeros(),
    } = this.options;
    const channels = widthOf(this.label, inputShape);
    const size = pairOf(this.label, "a window size", this.kernelSize);
    const shape = [...size, channels, depthMultiplier];
    this.kernel = this.addWeight("kernel", shape, { initializer: kernelInitializer });
    if (useBias) this.bias = this.addWeight("bias", [channels * depthMultiplier], { initializer: biasInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    this.outputShape(x.shape);
    checkInput(this.label, x.shape, imageShape(this.kernel.shape[2]));
    const y = x.depthwiseConv2d(this.kernel, this.options);
    return this.activate(this.bias ? y.add(this.bias) : y);
  }
}

/**
 * Depthwise convolution: slides separate filters over each channel of an image and does not mix channels.
 *
 * Computes $y_{ij,\,cm} = \sigma(\sum_{ab} x_{i+a,\,j+b,\,c}\, k_{abcm} + b_{cm})$ for $m$ below `depthMultiplier`:
 * `[batch, height, width, channels]` -> `[batch, rows, columns, channels * depthMultiplier]`. Rows and columns are
 * those of `conv2d`.
 *
 * Parameters `kernel` `[kernelHeight, kernelWidth, channels, depthMultiplier]` and `bias`
 * `[channels * depthMultiplier]`.
 * @param kernelSize height and width of the window, whole numbers >= 1; one number stands for both
 * @param options `depthMultiplier` defaults to 1, `strides` to 1, `padding` to "valid", `dilationRate` to 1,
 *   `activation` to "linear", `useBias` to true, `kernelInitializer` to glorotUniform, `biasInitializer` to zeros
 * @throws ArgumentError for a value out of range and for an unknown option; `call` throws ShapeError for an input that
 *   is not rank 4, has other channels, or is smaller than the window
 * @see Howard et al. 2017, "MobileNets"; Keras `DepthwiseConv2D`; PyTorch `Conv2d` with `groups` equal to the channels
 * @example
 * const x = tensor([[1, 10], [2, 20], [3, 30], [4, 40]]).reshape([1, 2, 2, 2]);
 * const layer = depthwiseConv2d(2, { kernelInitializer: initializers.ones() });
 * layer.call(x); // => [[[[10, 100]]]]
 */
export function depthwiseConv2d(kernelSize: Pair, options?: DepthwiseConv2dOptions): DepthwiseConv2d {
  return new DepthwiseConv2d(kernelSize, options);
}

depthwiseConv2d.info = DepthwiseConv2d.info;
