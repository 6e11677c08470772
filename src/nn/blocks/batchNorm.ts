import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField, numberField } from "../define/fields";
import { checkInput, widthOf } from "../define/inputs";
import { ones } from "../initializers/ones";
import { zeros } from "../initializers/zeros";
import { Normalization, normalizationFields, type NormalizationOptions } from "./families/normalization";

/** Options of `batchNorm`. */
export interface BatchNormOptions extends NormalizationOptions {
  /** Share of the old moving mean and variance kept at each training step, in [0, 1]. Default 0.99. */
  momentum?: number;
}

/** Block that `batchNorm` creates. */
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
    shapeRule: "features",
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

/**
 * Batch normalization: normalizes each feature to mean 0 and variance 1 over the batch, then scales and shifts it.
 *
 * Computes $y = \gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$ for each feature of the last axis:
 * `[batch, ..., features]` -> the same shape. While training, $\mu$ and $\sigma^2$ are the mean and the population
 * variance over all other axes of the batch, and both moving averages are updated:
 * `moving = momentum * moving + (1 - momentum) * batch`. Otherwise, and while the layer is frozen
 * (`trainable = false`), $\mu$ and $\sigma^2$ are the moving averages.
 *
 * Parameters `gamma` and `beta`, states `movingMean` (starts at 0) and `movingVariance` (starts at 1), each
 * `[features]`.
 * @param options `momentum` defaults to 0.99, `epsilon` to 0.001, `center` and `scale` to true, `betaInitializer` to
 *   zeros, `gammaInitializer` to ones
 * @throws ArgumentError for a momentum outside [0, 1] and for an unknown option; `call` throws ShapeError for another
 *   number of features than the layer was built for
 * @see Ioffe & Szegedy 2015; Keras `BatchNormalization`. PyTorch's `BatchNorm2d` has epsilon 1e-5, counts momentum the
 *   other way round (0.1 there is 0.9 here), and averages the unbiased variance.
 * @example
 * const norm = batchNorm();
 * norm.call(tensor([[1], [3]]), { training: true }); // => [[-0.9995], [0.9995]]
 * norm.movingMean.value; // => [0.02]
 * norm.call(tensor([[1.02]])); // => [[0.9995]]
 */
export function batchNorm(options?: BatchNormOptions): BatchNorm {
  return new BatchNorm(options);
}

batchNorm.info = BatchNorm.info;
