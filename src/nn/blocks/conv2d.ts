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

/** Options of `conv2d`; `strides` defaults to 1, `padding` to "valid", `dilationRate` to 1. */
export interface Conv2dOptions extends WindowOptions {
  /** Activation of the result: a name or a function of one tensor. Default "linear". */
  activation?: Activation;
  /** Adds a bias to each filter's result. Default true. */
  useBias?: boolean;
  /** Initializer of the kernel. Default glorotUniform. */
  kernelInitializer?: Initializer;
  /** Initializer of the bias. Default zeros. */
  biasInitializer?: Initializer;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Block that `conv2d` creates. */
export class Conv2d extends Block {
  static readonly info: KindInfo = {
    kind: "conv2d",
    title: { en: "Convolution", zh: "卷积" },
    description: {
      en: "Slides filters over images; each detects one pattern everywhere.",
      zh: "让一组滤波器滑过图像，每个滤波器在所有位置寻找同一种模式。",
    },
    formula: "y_{ijf} = \\sigma(\\sum_{abc} x_{i+a,\\,j+b,\\,c}\\, k_{abcf} + b_f)",
    source: "Keras Conv2D",
    shapeRule: "convolution",
    fields: [
      countField("filters", { en: "Filters", zh: "滤波器数" }, 32),
      { ...pairField("kernelSize", { en: "Kernel size", zh: "卷积核大小" }, 3), positional: true },
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
    readonly filters: number,
    readonly kernelSize: Pair,
    readonly options: Conv2dOptions = {},
  ) {
    super(nameFrom(options, new.target));
    checkCount("conv2d()", "filters", filters);
    windowOf("conv2d()", kernelSize, 1, options);
    this.activate = activationOf(options.activation, "conv2d()");
  }

  override build(inputShape: PartialShape): void {
    this.outputShape(inputShape);
    const { useBias = true, kernelInitializer = glorotUniform(), biasInitializer = zeros() } = this.options;
    const size = pairOf(this.label, "a window size", this.kernelSize);
    const shape = [...size, widthOf(this.label, inputShape), this.filters];
    this.kernel = this.addWeight("kernel", shape, { initializer: kernelInitializer });
    if (useBias) this.bias = this.addWeight("bias", [this.filters], { initializer: biasInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    this.outputShape(x.shape);
    checkInput(this.label, x.shape, imageShape(this.kernel.shape[2]));
    const y = x.conv2d(this.kernel, this.options);
    return this.activate(this.bias ? y.add(this.bias) : y);
  }
}

/**
 * Convolution of images: slides filters over height and width, each filter over all channels.
 *
 * Computes $y_{ijf} = \sigma(\sum_{abc} x_{i+a,\,j+b,\,c}\, k_{abcf} + b_f)$ (the kernel is not flipped):
 * `[batch, height, width, channels]` -> `[batch, rows, columns, filters]`. The window reaches over
 * `reach = (kernelSize - 1) * dilationRate + 1` pixels. With padding "valid" there are
 * `floor((height - reach) / strides) + 1` rows, with "same" `ceil(height / strides)`, zeros around the image; columns
 * likewise.
 *
 * Parameters `kernel` `[kernelHeight, kernelWidth, channels, filters]` and `bias` `[filters]`.
 * @param filters number of channels of the result, a whole number >= 1
 * @param kernelSize height and width of the window, whole numbers >= 1; one number stands for both
 * @param options `strides` defaults to 1, `padding` to "valid", `dilationRate` to 1, `activation` to "linear",
 *   `useBias` to true, `kernelInitializer` to glorotUniform, `biasInitializer` to zeros
 * @throws ArgumentError for a value out of range and for an unknown option; `call` throws ShapeError for an input that
 *   is not rank 4, has other channels, or is smaller than the window
 * @see LeCun et al. 1998; Keras `Conv2D`. PyTorch's `Conv2d` has channels first: its kernel is
 *   `[filters, channels, height, width]`.
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).reshape([1, 3, 3, 1]);
 * const layer = conv2d(1, 2, { kernelInitializer: initializers.ones() });
 * layer.call(x); // => [[[[12], [16]], [[24], [28]]]]
 * layer.kernel.shape; // => [2, 2, 1, 1]
 */
export function conv2d(filters: number, kernelSize: Pair, options?: Conv2dOptions): Conv2d {
  return new Conv2d(filters, kernelSize, options);
}

conv2d.info = Conv2d.info;
