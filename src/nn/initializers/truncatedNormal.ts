import { random } from "../../tensor/random";
import { defineInitializer, type InitializerKind } from "../initializer";

/** N(mean, stddev^2) without what lies beyond two stddev; mean 0 and stddev 0.05 by default. */
export const truncatedNormal: InitializerKind<{ mean?: number; stddev?: number }> = defineInitializer<{
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
