import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Parameter } from "../../tensor/parameter";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { initializerField, nameField } from "../fields";
import type { Initializer } from "../initializer";
import { zeros } from "../initializers/zeros";
import { checkInput } from "../inputs";

export interface PreluOptions {
  /** Default zeros. */
  alphaInitializer?: Initializer;
  name?: string;
}

/**
 * `x` where it is positive, else `alpha x`, where alpha is trained, one for each element of an example. The shape
 * stays. Weight: alpha, of the input's shape without the batch. As Keras's PReLU.
 */
export class Prelu extends Block {
  static readonly info: KindInfo = {
    kind: "prelu",
    title: { en: "PReLU", zh: "PReLU" },
    description: { en: "A leaky ReLU that learns its slopes.", zh: "负侧系数可训练的 ReLU。" },
    formula: "y = \\max(x, 0) + \\alpha \\min(x, 0)",
    source: "He et al. 2015; Keras PReLU",
    elementwise: true,
    fields: [initializerField("alphaInitializer", { en: "Alpha initializer", zh: "系数初始化" }, "zeros"), nameField],
  };
  declare alpha: Parameter;

  constructor(readonly options: PreluOptions = {}) {
    super(nameFrom(options, new.target));
  }

  override build(inputShape: number[]): void {
    const { alphaInitializer = zeros() } = this.options;
    this.alpha = this.addWeight("alpha", inputShape.slice(1), { initializer: alphaInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  forward(x: Operand): Tensor {
    checkInput(this.label, x.shape, ["batch", ...this.alpha.shape]);
    return x.greater(0).where(x, x.mul(this.alpha));
  }
}

/** @see Prelu */
export function prelu(options?: PreluOptions): Prelu {
  return new Prelu(options);
}

prelu.info = Prelu.info;
