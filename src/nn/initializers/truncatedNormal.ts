import { random } from "../../tensor/randomOps";
import { defineInitializer, type InitializerKind } from "../define/initializer";

/**
 * Draws from a normal distribution truncated at two standard deviations.
 *
 * $w \sim N(\mu, \sigma^2)$ under the condition $|w - \mu| \le 2 \sigma$, for a weight of any shape; the standard
 * deviation after truncation is $0.8796 \sigma$.
 * @param options `mean`, $\mu$, defaults to 0 and `stddev`, $\sigma$ >= 0, to 0.05
 * @throws ArgumentError for an unknown option
 * @see Keras `TruncatedNormal`; PyTorch `trunc_normal_`
 * @example
 * initializers.truncatedNormal({ stddev: 1 })([3], { dtype: "float32", key: random.key(0) }); // => [-0.2439, 1.0948, 0.5977]
 */
export const truncatedNormal: InitializerKind<{
  /** Mean. Default 0. */
  mean?: number;
  /** Standard deviation, >= 0. Default 0.05. */
  stddev?: number;
}> = defineInitializer<{
  mean?: number;
  stddev?: number;
}>(
  {
    kind: "truncatedNormal",
    title: { en: "Truncated normal", zh: "截断正态分布" },
    description: {
      en: "Drawn from a normal distribution, truncated at two standard deviations.",
      zh: "从正态分布中抽取，限于两个标准差以内。",
    },
    formula: "w \\sim N(\\mu, \\sigma^2),\\; |w - \\mu| \\le 2\\sigma",
    source: "Keras TruncatedNormal",
    fields: [
      { name: "mean", title: { en: "Mean", zh: "均值" }, type: "number", default: 0 },
      { name: "stddev", title: { en: "Standard deviation", zh: "标准差" }, type: "number", default: 0.05, min: 0 },
    ],
  },
  ({ mean, stddev }, shape, { key, dtype }) => random.truncatedNormal(shape, mean, stddev, { key, dtype }),
);
