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
export interface Conv2dOptions extends WindowOptions {
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
 * A convolution: `y = activation(conv2d(x, kernel) + bias)`.
 * [batch, height, width, channels] -> [batch, rows, columns, filters];
 * kernel (height, width, channels, filters), bias (filters). Defaults as Keras's Conv2D.
 */
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
    checkInput(this.label, inputShape, images());
    const { useBias = true, kernelInitializer = glorotUniform(), biasInitializer = zeros() } = this.options;
    const size = pairOf(this.label, "a window size", this.kernelSize);
    const shape = [...size, widthOf(this.label, inputShape), this.filters];
    this.kernel = this.addWeight("kernel", shape, { initializer: kernelInitializer });
    if (useBias) this.bias = this.addWeight("bias", [this.filters], { initializer: biasInitializer });
  }

  override outputShape([batch = null, ...lengths]: PartialShape): PartialShape {
    const window = windowOf(this.label, this.kernelSize, 1, this.options);
    return [batch, ...windowPlaces(lengths.slice(0, 2), window), this.filters];
  }

  forward(x: Operand): Tensor {
    checkInput(this.label, x.shape, images(this.kernel.shape[2]));
    const y = x.conv2d(this.kernel, this.options);
    return this.activate(this.bias ? y.add(this.bias) : y);
  }
}

/** @see Conv2d */
export function conv2d(filters: number, kernelSize: Pair, options?: Conv2dOptions): Conv2d {
  return new Conv2d(filters, kernelSize, options);
}

conv2d.info = Conv2d.info;
