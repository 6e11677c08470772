import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField, numberField } from "../fields";
import { ones } from "../initializers/ones";
import { zeros } from "../initializers/zeros";
import { checkInput, widthOf } from "../inputs";
import { Normalization, normalizationFields, type NormalizationOptions } from "../normalization";

export interface BatchNormOptions extends NormalizationOptions {
  /** How much of the moving mean and variance stays at each step. Default 0.99. */
  momentum?: number;
}

/**
 * Gives each feature (the last axis) a mean of 0 and a variance of 1: while training by the batch's own mean and
 * (population's) variance, which also move `movingMean` and `movingVariance`; else, and where it is frozen, by
 * those two. Then a trained scale and shift. The shape stays. Weights: gamma, beta, and the states movingMean,
 * movingVariance, each (features). Defaults as Keras's BatchNormalization.
 */
export class BatchNorm extends Normalization<BatchNormOptions> {
  static readonly info: KindInfo = {
    kind: "batchNorm",
    title: { en: "Batch normalization", zh: "批量归一化" },
    description: {
      en: "Normalizes each feature to mean 0 and variance 1 over the batch.",
      zh: "让每个特征在整个批量上均值为 0、方差为 1。",
    },
    formula: "y = \\gamma \\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\epsilon}} + \\beta",
    source: "Ioffe & Szegedy 2015; Keras BatchNormalization",
    fields: [
      numberField("momentum", { en: "Momentum", zh: "动量" }, 0.99, { min: 0, max: 1, step: 0.01 }),
      ...normalizationFields,
      nameField,
    ],
  };

  constructor(options: BatchNormOptions = {}) {
    super(options);
    const { momentum = 0.99 } = options;
    if (!(momentum >= 0 && momentum <= 1))
      throw new ArgumentError({ at: "batchNorm()", expected: "a momentum in [0, 1]", got: String(momentum) });
  }

  override build(inputShape: PartialShape): void {
    super.build(inputShape);
    const shape = [widthOf(this.label, inputShape)];
    this.movingMean = this.addWeight("movingMean", shape, { initializer: zeros(), trainable: false });
    this.movingVariance = this.addWeight("movingVariance", shape, { initializer: ones(), trainable: false });
  }

  forward(x: Operand): Tensor {
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    checkInput(this.label, x.shape, [...axes.map((axis) => (axis === 0 ? "batch" : "?")), this.movingMean.shape[0]]);
    if (!this.training || !this.trainable) return this.normalize(x, this.movingMean, this.movingVariance);
    const mean = x.mean(axes);
    const variance = x.sub(mean).square().mean(axes);
    this.move("movingMean", mean);
    this.move("movingVariance", variance);
    return this.normalize(x, mean, variance);
  }

  private move(state: "movingMean" | "movingVariance", value: Tensor): void {
    const { momentum = 0.99 } = this.options;
    this[state].assign(this[state].mul(momentum).add(value.stopGradient().mul(1 - momentum)));
  }
}

/** @see BatchNorm */
export function batchNorm(options?: BatchNormOptions): BatchNorm {
  return new BatchNorm(options);
}

batchNorm.info = BatchNorm.info;
