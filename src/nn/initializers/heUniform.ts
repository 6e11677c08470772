import { defineInitializer, type InitializerKind } from "../initializer";
import { scaledVariance } from "./varianceScaling";

/** U(-a, a), a = sqrt(6 / fanIn). */
export const heUniform: InitializerKind<object> = defineInitializer(
  {
    kind: "heUniform",
    title: { en: "He uniform", zh: "He 均匀" },
    description: { en: "Compensates for the half that relu cuts off.", zh: "弥补 relu 截去的一半。" },
    formula: "w \\sim U(-a, a),\\; a = \\sqrt{6 / n_{in}}",
    source: "He et al. 2015; Keras HeUniform",
    fields: [],
  },
  (_, shape, options) => scaledVariance({ scale: 2, mode: "fanIn", distribution: "uniform" }, shape, options),
);
