import { ArgumentError } from "../../base/errors";
import type { Shape } from "../../base/shape";
import { random } from "../../tensor/random";
import type { Tensor } from "../../tensor/tensor";
import { defineInitializer, fansOf, type InitializerKind, type InitializerOptions } from "../initializer";

export interface VarianceScalingOptions {
  /** Default 1. */
  scale?: number;
  /** Which fan divides the scale. Default fanIn. */
  mode?: "fanIn" | "fanOut" | "fanAverage";
  /** Default truncatedNormal. */
  distribution?: "truncatedNormal" | "normal" | "uniform";
}

/** The standard deviation of a normal distribution cut at two of its own: what is left has this share of it. */
const truncatedShare = 0.87962566103423978;

/**
 * A weight whose variance is scale / fan. The truncated normal is widened so that
 * its variance is that after cutting, as Keras does.
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

/** Variance scale / fan; see `scaledVariance`. */
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
