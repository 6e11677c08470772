import { defineInitializer, type InitializerKind } from "../initializer";
import { scaledVariance } from "./varianceScaling";

/** U(-a, a), a = sqrt(3 / fanIn). */
export const lecunUniform: InitializerKind<object> = defineInitializer(
  {
    kind: "lecunUniform",
    title: { en: "LeCun uniform", zh: "LeCun 均匀" },
    description: { en: "Preserves the variance of signals; for selu.", zh: "保持信号的离散程度，适合 selu。" },
    formula: "w \\sim U(-a, a),\\; a = \\sqrt{3 / n_{in}}",
    source: "LeCun et al. 1998; Keras LecunUniform",
    fields: [],
  },
  (_, shape, options) => scaledVariance({ scale: 1, mode: "fanIn", distribution: "uniform" }, shape, options),
);
