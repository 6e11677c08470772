import { defineInitializer, type InitializerKind } from "../initializer";
import { scaledVariance } from "./varianceScaling";

/** Truncated normal of variance 2 / (fanIn + fanOut). */
export const glorotNormal: InitializerKind<object> = defineInitializer(
  {
    kind: "glorotNormal",
    title: { en: "Glorot normal", zh: "Glorot 正态" },
    description: {
      en: "Like Glorot uniform, but from a truncated normal distribution.",
      zh: "同 Glorot 均匀，但取自截断正态分布。",
    },
    formula: "\\mathrm{Var}(w) = 2 / (n_{in} + n_{out})",
    source: "Glorot & Bengio 2010; Keras GlorotNormal",
    fields: [],
  },
  (_, shape, options) =>
    scaledVariance({ scale: 1, mode: "fanAverage", distribution: "truncatedNormal" }, shape, options),
);
