import { defineInitializer, type InitializerKind } from "../define/initializer";
import { scaledVariance } from "./varianceScaling";

/**
 * LeCun normal: draws from a truncated normal distribution whose variance depends on inputs; for layers with selu.
 *
 * Mean 0 and $\mathrm{Var}(w) = 1 / n_{in}$ after truncation at two standard deviations. For a kernel `[in, out]`,
 * $n_{in}$ = `in`; a convolution's kernel multiplies it by its window. No options.
 * @throws ArgumentError for any option
 * @see LeCun et al. 1998, "Efficient BackProp"; Klambauer et al. 2017; Keras `LecunNormal`
 * @example
 * const draw = initializers.lecunNormal();
 * draw([2, 2], { dtype: "float32", key: random.key(0) }); // => [[-0.1961, 0.8801], [0.4805, 0.2051]]
 */
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
