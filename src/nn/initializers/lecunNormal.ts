import { defineInitializer, type InitializerKind } from "../initializer";
import { scaledVariance } from "./varianceScaling";

/** Truncated normal of variance 1 / fanIn. */
export const lecunNormal: InitializerKind<object> = defineInitializer(
  {
    kind: "lecunNormal",
    title: { en: "LeCun normal", zh: "LeCun 正态" },
    description: {
      en: "Like LeCun uniform, but from a truncated normal distribution.",
      zh: "同 LeCun 均匀，但取自截断正态分布。",
    },
    formula: "\\mathrm{Var}(w) = 1 / n_{in}",
    source: "LeCun et al. 1998; Keras LecunNormal",
    fields: [],
  },
  (_, shape, options) => scaledVariance({ scale: 1, mode: "fanIn", distribution: "truncatedNormal" }, shape, options),
);
