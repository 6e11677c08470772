import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField } from "../fields";
import { checkInput } from "../inputs";
import { Normalization, normalizationFields, type NormalizationOptions } from "../normalization";

/**
 * Gives the features of each example (the last axis) a mean of 0 and a variance of 1, then a trained scale and shift.
 * The shape stays. Weights: gamma, beta, each (features). Defaults as Keras's LayerNormalization.
 */
export class LayerNorm extends Normalization {
  static readonly info: KindInfo = {
    kind: "layerNorm",
    title: { en: "Layer normalization", zh: "层归一化" },
    description: {
      en: "Normalizes the features of each example to mean 0 and variance 1.",
      zh: "让每个样本自己的特征均值为 0、方差为 1。",
    },
    formula: "y = \\gamma \\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\epsilon}} + \\beta",
    source: "Ba et al. 2016; Keras LayerNormalization",
    fields: [...normalizationFields, nameField],
  };

  forward(x: Operand): Tensor {
    const width: number | undefined = (this.gamma ?? this.beta)?.shape[0];
    if (width !== undefined) checkInput(this.label, x.shape, [...x.shape.slice(0, -1).map(() => "?"), width]);
    const mean = x.mean(-1, true);
    return this.normalize(x, mean, x.sub(mean).square().mean(-1, true));
  }
}

/** @see LayerNorm */
export function layerNorm(options: NormalizationOptions = {}): LayerNorm {
  return new LayerNorm(options);
}

layerNorm.info = LayerNorm.info;
