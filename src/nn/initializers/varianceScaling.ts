import { ArgumentError } from "../../base/errors";
import type { Shape } from "../../base/shape";
import { random } from "../../tensor/randomOps";
import type { Tensor } from "../../tensor/tensor";
import { defineInitializer, fansOf, type InitializerKind, type InitializerOptions } from "../define/initializer";

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions {
  /** Numerator of the variance, > 0. Default 1. */
  scale?: number;
  /** Denominator of the variance: inputs, outputs, or their mean. Default "fanIn". */
  mode?: "fanIn" | "fanOut" | "fanAverage";
  /** Distribution to draw from; all have mean 0. Default "truncatedNormal". */
  distribution?: "truncatedNormal" | "normal" | "uniform";
}

/** Standard deviation of the standard normal distribution truncated at -2 and 2. */
const truncatedShare = 0.87962566103423978;

/**
 * Draws a weight of variance scale / fan. The truncated normal is widened so that its variance after truncation is
 * right, as in Keras.
 */
export function scaledVariance(
  { scale, mode, distribution }: Required<VarianceScalingOptions>,
  shape: Shape,
  { key, dtype }: InitializerOptions,
): Tensor {
  const { fanIn, fanOut } = fansOf(shape);
  const fans = { fanIn, fanOut, fanAverage: (fanIn + fanOut) / 2 };
  const fan = fans[mode];
  if (!(scale > 0) || fan === undefined) {
    throw new ArgumentError({
      at: "varianceScaling()",
      expected: `a scale > 0 and a mode among ${Object.keys(fans).join(", ")}`,
      got: `${scale}, ${mode}`,
    });
  }
  const variance = scale / Math.max(1, fan);
  const options = { key, dtype };
  if (distribution === "uniform")
    return random.uniform(shape, -Math.sqrt(3 * variance), Math.sqrt(3 * variance), options);
  if (distribution === "normal") return random.normal(shape, 0, Math.sqrt(variance), options);
  return random.truncatedNormal(shape, 0, Math.sqrt(variance) / truncatedShare, options);
}

/**
 * Draws with a variance that is a scale divided by the number of inputs, of outputs, or their mean.
 *
 * Mean 0 and $\mathrm{Var}(w) = s / n$. For a kernel `[in, out]`, $n$ = `in` with mode "fanIn", `out` with "fanOut",
 * `(in + out) / 2` with "fanAverage"; a convolution's kernel multiplies it by its window. "uniform" draws from
 * $U(-a, a)$ with $a = \sqrt{3 s / n}$, and "truncatedNormal" truncates at two standard deviations, widened so that the
 * variance is right.
 * @param options `scale`, $s$, defaults to 1, `mode` to "fanIn", `distribution` to "truncatedNormal"
 * @throws ArgumentError for an unknown option; the initializer throws ArgumentError for a scale <= 0 and for an unknown
 *   mode
 * @see Keras `VarianceScaling`
 * @example
 * const draw = initializers.varianceScaling({ scale: 2, distribution: "uniform" });
 * draw([2, 2], { dtype: "float32", key: random.key(0) }); // => [[-0.3497, 1.3182], [0.8165, 0.3654]]
 */
export const varianceScaling: InitializerKind<VarianceScalingOptions> = defineInitializer<VarianceScalingOptions>(
  {
    kind: "varianceScaling",
    title: { en: "Variance scaling", zh: "方差缩放" },
    description: {
      en: "Scales the spread by the number of inputs or outputs of the weight.",
      zh: "按权重连接的输入或输出个数缩放离散程度。",
    },
    formula: "\\mathrm{Var}(w) = s / n",
    source: "Keras VarianceScaling",
    fields: [
      { name: "scale", title: { en: "Scale", zh: "缩放" }, type: "number", default: 1, min: 0 },
      {
        name: "mode",
        title: { en: "Fan", zh: "扇入或扇出" },
        type: "string",
        default: "fanIn",
        options: ["fanIn", "fanOut", "fanAverage"],
      },
      {
        name: "distribution",
        title: { en: "Distribution", zh: "分布" },
        type: "string",
        default: "truncatedNormal",
        options: ["truncatedNormal", "normal", "uniform"],
      },
    ],
  },
  scaledVariance,
);
