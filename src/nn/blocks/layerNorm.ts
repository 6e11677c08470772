import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import { nameField } from "../define/fields";
import { checkInput } from "../define/inputs";
import { Normalization, normalizationFields, type NormalizationOptions } from "./families/normalization";

/** Block that `layerNorm` creates. */
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
    shapeRule: "features",
    fields: [...normalizationFields, nameField],
  };

  forward(x: Operand): Tensor {
    const width: number | undefined = (this.gamma ?? this.beta)?.shape[0];
    if (width !== undefined) checkInput(this.label, x.shape, [...x.shape.slice(0, -1).map(() => "?"), width]);
    const mean = x.mean(-1, true);
    return this.normalize(x, mean, x.sub(mean).square().mean(-1, true));
  }
}

/**
 * Layer normalization: normalizes the features of each example to mean 0 and variance 1, then scales and shifts them.
 *
 * Computes $y = \gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$, where $\mu$ and $\sigma^2$ are the mean and the
 * population variance along the last axis: `[..., features]` -> the same shape, in training and otherwise alike.
 *
 * Parameters `gamma` and `beta`, each `[features]`.
 * @param options `epsilon` defaults to 0.001, `center` and `scale` to true, `betaInitializer` to zeros,
 *   `gammaInitializer` to ones
 * @throws ArgumentError for an unknown option; `call` throws ShapeError for another number of features than the layer
 *   was built for
 * @see Ba et al. 2016; Keras `LayerNormalization`. PyTorch's `LayerNorm` has epsilon 1e-5.
 * @example
 * layerNorm().call(tensor([[1, 3]])); // => [[-0.9995, 0.9995]]
 */
export function layerNorm(options: NormalizationOptions = {}): LayerNorm {
  return new LayerNorm(options);
}

layerNorm.info = LayerNorm.info;
