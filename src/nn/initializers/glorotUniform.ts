import { defineInitializer, type InitializerKind } from "../initializer";
import { scaledVariance } from "./varianceScaling";

/** U(-a, a), a = sqrt(6 / (fanIn + fanOut)). Also called Xavier's. */
export const glorotUniform: InitializerKind<object> = defineInitializer(
  {
    kind: "glorotUniform",
    title: { en: "Glorot uniform", zh: "Glorot 均匀" },
    description: {
      en: "Preserves the variance of signals and gradients; for tanh and sigmoid.",
      zh: "让信号与梯度的离散程度相近，适合 tanh 与 sigmoid。",
    },
    formula: "w \\sim U(-a, a),\\; a = \\sqrt{6 / (n_{in} + n_{out})}",
    source: "Glorot & Bengio 2010; Keras GlorotUniform",
    fields: [],
  },
  (_, shape, options) => scaledVariance({ scale: 1, mode: "fanAverage", distribution: "uniform" }, shape, options),
);
