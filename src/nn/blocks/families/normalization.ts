import type { FieldInfo } from "../../../base/info";
import type { PartialShape } from "../../../base/shape";
import type { Operand, Tensor } from "../../../tensor/tensor";
import { Block } from "../../block/block";
import { nameFrom } from "../../define/blockOptions";
import { initializerField, numberField, switchField } from "../../define/fields";
import type { Initializer } from "../../define/initializer";
import { widthOf } from "../../define/inputs";
import { layerShape } from "../../define/layerShape";
import { ones } from "../../initializers/ones";
import { zeros } from "../../initializers/zeros";

/** Options of `layerNorm` and `batchNorm`. */
export interface NormalizationOptions {
  /** Number added to the variance before its root, >= 0. Default 0.001. */
  epsilon?: number;
  /** Adds the parameter `beta`. Default true. */
  center?: boolean;
  /** Multiplies by the parameter `gamma`. Default true. */
  scale?: boolean;
  /** Initializer of `beta`. Default zeros. */
  betaInitializer?: Initializer;
  /** Initializer of `gamma`. Default ones. */
  gammaInitializer?: Initializer;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

export const normalizationFields: FieldInfo[] = [
  numberField("epsilon", { en: "Epsilon", zh: "防零小量" }, 0.001, { min: 0, step: 0.001 }),
  switchField("center", { en: "Shift (beta)", zh: "平移（beta）" }, true),
  switchField("scale", { en: "Scale (gamma)", zh: "缩放（gamma）" }, true),
  initializerField("betaInitializer", { en: "Beta initializer", zh: "beta 初始化" }, "zeros"),
  initializerField("gammaInitializer", { en: "Gamma initializer", zh: "gamma 初始化" }, "ones"),
];

/** Base of layers that normalize features to mean 0 and variance 1, then scale and shift them by parameters. */
export abstract class Normalization<Options extends NormalizationOptions = NormalizationOptions> extends Block {
  constructor(readonly options: Options) {
    super(nameFrom(options, new.target));
  }

  abstract override forward(x: Operand): Tensor;

  override build(inputShape: PartialShape): void {
    this.outputShape(inputShape);
    const { center = true, scale = true, betaInitializer = zeros(), gammaInitializer = ones() } = this.options;
    const shape = [widthOf(this.label, inputShape)];
    if (scale) this.gamma = this.addWeight("gamma", shape, { initializer: gammaInitializer });
    if (center) this.beta = this.addWeight("beta", shape, { initializer: betaInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  /** Computes `(x - mean) / sqrt(variance + epsilon) * gamma + beta`. */
  protected normalize(x: Operand, mean: Operand, variance: Operand): Tensor {
    const factor = variance
      .add(this.options.epsilon ?? 0.001)
      .sqrt()
      .reciprocal();
    const y = x.sub(mean).mul(this.gamma ? factor.mul(this.gamma) : factor);
    return this.beta ? y.add(this.beta) : y;
  }
}
