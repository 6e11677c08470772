import { defineInitializer, type InitializerKind } from "../define/initializer";
import { scaledVariance } from "./varianceScaling";

/**
 * Glorot (Xavier) normal: draws from a truncated normal distribution whose variance depends on inputs and outputs.
 *
 * Mean 0 and $\mathrm{Var}(w) = 2 / (n_{in} + n_{out})$ after truncation at two standard deviations. For a kernel
 * `[in, out]`, $n_{in}$ = `in` and $n_{out}$ = `out`; a convolution's kernel multiplies both by its window. No options.
 * @throws ArgumentError for any option
 * @see Glorot & Bengio 2010; Keras `GlorotNormal`; PyTorch `xavier_normal_`, which does not truncate
 * @example
 * const draw = initializers.glorotNormal();
 * draw([2, 2], { dtype: "float32", key: random.key(0) }); // => [[-0.1961, 0.8801], [0.4805, 0.2051]]
 */
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
