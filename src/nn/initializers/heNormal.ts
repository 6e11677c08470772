import { defineInitializer, type InitializerKind } from "../define/initializer";
import { scaledVariance } from "./varianceScaling";

/**
 * He normal: draws from a truncated normal distribution whose variance depends on inputs; for layers with relu.
 *
 * Mean 0 and $\mathrm{Var}(w) = 2 / n_{in}$ after truncation at two standard deviations. For a kernel `[in, out]`,
 * $n_{in}$ = `in`; a convolution's kernel multiplies it by its window. No options.
 * @throws ArgumentError for any option
 * @see He et al. 2015; Keras `HeNormal`; PyTorch `kaiming_normal_`, which does not truncate
 * @example
 * const draw = initializers.heNormal();
 * draw([2, 2], { dtype: "float32", key: random.key(0) }); // => [[-0.2773, 1.2447], [0.6795, 0.29]]
 */
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
