import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import { pairOf, type Pair, type WindowOptions, windowOf, windowPlaces } from "../../tensor/define/window";
import type { Operand, Tensor } from "../../tensor/tensor";
import { type Activation, activationOf } from "../activations";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { activationField, countField, kernelFields, nameField, paddingField, pairField, stridesField } from "../fields";
import type { Initializer } from "../initializer";
import { glorotUniform } from "../initializers/glorotUniform";
import { zeros } from "../initializers/zeros";
import { checkCount, checkInput, images, widthOf } from "../inputs";

/** `strides` 1, `padding` "valid" and `dilationRate` 1 by default. */
export interface DepthwiseConv2dOptions extends WindowOptions {
  /** Outputs for each channel. Default 1. */
  depthMultiplier?: number;
  activation?: Activation;
  /** Default true. */
  useBias?: boolean;
  /** Default glorotUniform. */
  kernelInitializer?: Initializer;
  /** Default zeros. */
  biasInitializer?: Initializer;
  name?: string;
}

/**
 * A convolution of each channel by kernels of its own.
 * [batch, height, width, channels] -> [batch, rows, columns, channels * depthMultiplier];
 * kernel (height, width, channels, depthMultiplier), bias (channels * depthMultiplier). Defaults as Keras's
 * DepthwiseConv2D.
 */
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
    checkInput(this.label, inputShape, images());
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

  override outputShape([batch = null, ...lengths]: PartialShape): PartialShape {
    const window = windowOf(this.label, this.kernelSize, 1, this.options);
    const channels = lengths[2] ?? null;
    return [
      batch,
      ...windowPlaces(lengths.slice(0, 2), window),
      channels && channels * (this.options.depthMultiplier ?? 1),
    ];
  }

  forward(x: Operand): Tensor {
    checkInput(this.label, x.shape, images(this.kernel.shape[2]));
    const y = x.depthwiseConv2d(this.kernel, this.options);
    return this.activate(this.bias ? y.add(this.bias) : y);
  }
}

/** @see DepthwiseConv2d */
export function depthwiseConv2d(kernelSize: Pair, options?: DepthwiseConv2dOptions): DepthwiseConv2d {
  return new DepthwiseConv2d(kernelSize, options);
}

depthwiseConv2d.info = DepthwiseConv2d.info;
