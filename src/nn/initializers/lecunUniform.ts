import { defineInitializer, type InitializerKind } from "../define/initializer";
import { scaledVariance } from "./varianceScaling";

/**
 * LeCun uniform: draws from a range that depends on inputs; for layers with selu.
 *
 * $w \sim U(-a, a)$ with $a = \sqrt{3 / n_{in}}$, so $\mathrm{Var}(w) = 1 / n_{in}$: signals retain their spread. For a
 * kernel `[in, out]`, $n_{in}$ = `in`; a convolution's kernel multiplies it by its window. No options.
 * @throws ArgumentError for any option
 * @see LeCun et al. 1998, "Efficient BackProp"; Keras `LecunUniform`
 * @example
 * const draw = initializers.lecunUniform();
 * draw([2, 2], { dtype: "float32", key: random.key(0) }); // => [[-0.2473, 0.9321], [0.5774, 0.2584]]
 */
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
