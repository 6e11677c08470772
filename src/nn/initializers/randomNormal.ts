import { random } from "../../tensor/random";
import { defineInitializer, type InitializerKind } from "../initializer";

/** N(mean, stddev^2); mean 0 and stddev 0.05 by default. */
export const randomNormal: InitializerKind<{ mean?: number; stddev?: number }> = defineInitializer<{
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
