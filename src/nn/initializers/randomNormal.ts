import { random } from "../../tensor/randomOps";
import { defineInitializer, type InitializerKind } from "../define/initializer";

/**
 * Draws from a normal distribution.
 *
 * $w \sim N(\mu, \sigma^2)$ for a weight of any shape.
 * @param options `mean`, $\mu$, defaults to 0 and `stddev`, $\sigma$ >= 0, to 0.05
 * @throws ArgumentError for an unknown option
 * @see Keras `RandomNormal`; PyTorch `normal_`, whose standard deviation defaults to 1
 * @example
 * initializers.randomNormal({ stddev: 1 })([3], { dtype: "float32", key: random.key(0) }); // => [-0.2558, 1.1776, 0.6302]
 */
export const randomNormal: InitializerKind<{
  /** Mean. Default 0. */
  mean?: number;
  /** Standard deviation, >= 0. Default 0.05. */
  stddev?: number;
}> = defineInitializer<{
  mean?: number;
  stddev?: number;
}>(
  {
    kind: "randomNormal",
    title: { en: "Random normal", zh: "正态分布" },
    description: { en: "Drawn from a normal distribution.", zh: "从正态分布中抽取。" },
    formula: "w \\sim N(\\mu, \\sigma^2)",
    source: "Keras RandomNormal",
    fields: [
      { name: "mean", title: { en: "Mean", zh: "均值" }, type: "number", default: 0 },
      { name: "stddev", title: { en: "Standard deviation", zh: "标准差" }, type: "number", default: 0.05, min: 0 },
    ],
  },
  ({ mean, stddev }, shape, { key, dtype }) => random.normal(shape, mean, stddev, { key, dtype }),
);
