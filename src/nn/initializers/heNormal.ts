import { defineInitializer, type InitializerKind } from "../initializer";
import { scaledVariance } from "./varianceScaling";

/** Truncated normal of variance 2 / fanIn. */
export const heNormal: InitializerKind<object> = defineInitializer(
  {
    kind: "heNormal",
    title: { en: "He normal", zh: "He 正态" },
    description: {
      en: "Like He uniform, but from a truncated normal distribution.",
      zh: "同 He 均匀，但取自截断正态分布。",
    },
    formula: "\\mathrm{Var}(w) = 2 / n_{in}",
    source: "He et al. 2015; Keras HeNormal",
    fields: [],
  },
  (_, shape, options) => scaledVariance({ scale: 2, mode: "fanIn", distribution: "truncatedNormal" }, shape, options),
);
