import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Parameter } from "../../tensor/parameter";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { initializerField, nameField } from "../define/fields";
import type { Initializer } from "../define/initializer";
import { checkInput } from "../define/inputs";
import { layerShape } from "../define/layerShape";
import { zeros } from "../initializers/zeros";

/** Options of `prelu`. */
export interface PreluOptions {
  /** Initializer of the slopes. Default zeros. */
  alphaInitializer?: Initializer;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Block that `prelu` creates. */
export class Prelu extends Block {
  static readonly info: KindInfo = {
    kind: "prelu",
    title: { en: "PReLU", zh: "PReLU" },
    description: { en: "A leaky ReLU that learns its slopes.", zh: "负侧系数可训练的 ReLU。" },
    formula: "y = \\max(x, 0) + \\alpha \\min(x, 0)",
    source: "He et al. 2015; Keras PReLU",
    elementwise: true,
    shapeRule: "examples",
    fields: [initializerField("alphaInitializer", { en: "Alpha initializer", zh: "系数初始化" }, "zeros"), nameField],
  };
  declare alpha: Parameter;

  constructor(readonly options: PreluOptions = {}) {
    super(nameFrom(options, new.target));
  }

  override build(inputShape: number[]): void {
    this.outputShape(inputShape);
    const { alphaInitializer = zeros() } = this.options;
    this.alpha = this.addWeight("alpha", inputShape.slice(1), { initializer: alphaInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    checkInput(this.label, x.shape, ["batch", ...this.alpha.shape]);
    return x.greater(0).where(x, x.mul(this.alpha));
  }
}

/**
 * Parametric rectifier: positive elements stay, negative ones are multiplied by a trained slope.
 *
 * Computes $y = \max(x, 0) + \alpha \min(x, 0)$ with a separate slope for each element of an example: `[batch, ...]` ->
 * the same shape.
 *
 * Parameter `alpha`, of the input's shape without the batch.
 * @param options `alphaInitializer` defaults to zeros
 * @throws ArgumentError for an unknown option; `call` throws ShapeError for examples of another shape than the layer
 *   was built for
 * @see He et al. 2015; Keras `PReLU`. PyTorch's `PReLU` has one slope, which starts at 0.25.
 * @example
 * const layer = prelu({ alphaInitializer: initializers.constant(0.25) });
 * layer.call(tensor([[-4, 2]])); // => [[-1, 2]]
 * layer.alpha.shape; // => [2]
 */
export function prelu(options?: PreluOptions): Prelu {
  return new Prelu(options);
}

prelu.info = Prelu.info;
