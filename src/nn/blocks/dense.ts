import { ShapeError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import { formatShape, type PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { type Activation, activationOf } from "../define/activations";
import { nameFrom } from "../define/blockOptions";
import { activationField, countField, kernelFields, nameField } from "../define/fields";
import type { Initializer } from "../define/initializer";
import { checkCount, widthOf } from "../define/inputs";
import { layerShape } from "../define/layerShape";
import { glorotUniform } from "../initializers/glorotUniform";
import { zeros } from "../initializers/zeros";

/** Options of `dense`. */
export interface DenseOptions {
  /** Activation of the result: a name or a function of one tensor. Default "linear". */
  activation?: Activation;
  /** Adds a bias to each unit. Default true. */
  useBias?: boolean;
  /** Initializer of the kernel. Default glorotUniform. */
  kernelInitializer?: Initializer;
  /** Initializer of the bias. Default zeros. */
  biasInitializer?: Initializer;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Block that `dense` creates. */
export class Dense extends Block {
  static readonly info: KindInfo = {
    kind: "dense",
    title: { en: "Dense", zh: "全连接" },
    description: {
      en: "Each output is a weighted sum of all inputs plus a bias.",
      zh: "每个输出都是全部输入的加权和再加偏置。",
    },
    formula: "y = \\sigma(x W + b)",
    source: "Keras Dense",
    shapeRule: "units",
    fields: [
      countField("units", { en: "Units", zh: "单元数" }, 10),
      activationField("linear"),
      ...kernelFields,
      nameField,
    ],
  };
  private readonly activate: (x: Operand) => Tensor;

  constructor(
    readonly units: number,
    readonly options: DenseOptions = {},
  ) {
    super(nameFrom(options, new.target));
    checkCount("dense()", "units", units);
    this.activate = activationOf(options.activation, "dense()");
  }

  override build(inputShape: PartialShape): void {
    this.outputShape(inputShape);
    const width = widthOf(this.label, inputShape);
    const { useBias = true, kernelInitializer = glorotUniform(), biasInitializer = zeros() } = this.options;
    this.kernel = this.addWeight("kernel", [width, this.units], { initializer: kernelInitializer });
    if (useBias) this.bias = this.addWeight("bias", [this.units], { initializer: biasInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    const width: number = this.kernel.shape[0];
    if (x.shape.at(-1) !== width) throw this.misfit(x, width);
    const y = x.matmul(this.kernel);
    return this.activate(this.bias ? y.add(this.bias) : y);
  }

  private misfit(x: Operand, width: number): ShapeError {
    const size = x.shape.slice(1).reduce((product, length) => product * length, 1);
    const remedy =
      size === width
        ? "Add flatten() before it."
        : "It was built for that width: give it such an input, or make a new layer.";
    return new ShapeError({ at: this.label, expected: `input [batch, ${width}]`, got: formatShape(x.shape), remedy });
  }
}

/**
 * Fully connected layer: each output is a weighted sum of all inputs plus a bias.
 *
 * Computes `activation(x kernel + bias)`, $y = \sigma(x W + b)$, along the last axis: `[..., in]` -> `[..., units]`.
 *
 * Parameters `kernel` `[in, units]` and `bias` `[units]`, created by the first call.
 * @param units number of outputs, a whole number >= 1
 * @param options `activation` defaults to "linear", `useBias` to true, `kernelInitializer` to glorotUniform,
 *   `biasInitializer` to zeros
 * @throws ArgumentError for a number of units or an option that is not valid; `call` throws ShapeError for an input of
 *   another width than the layer was built for
 * @see Keras `Dense`; PyTorch `Linear`, whose weight is the transpose `[units, in]`
 * @example
 * const layer = dense(2, { kernelInitializer: initializers.ones() });
 * layer.call(tensor([[1, 2, 3]])); // => [[6, 6]]
 * layer.kernel.shape; // => [3, 2]
 */
export function dense(units: number, options?: DenseOptions): Dense {
  return new Dense(units, options);
}

dense.info = Dense.info;
