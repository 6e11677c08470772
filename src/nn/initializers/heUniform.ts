import { defineInitializer, type InitializerKind } from "../define/initializer";
import { scaledVariance } from "./varianceScaling";

/**
 * He uniform: draws from a range that depends on inputs; for layers with relu.
 *
 * $w \sim U(-a, a)$ with $a = \sqrt{6 / n_{in}}$, so $\mathrm{Var}(w) = 2 / n_{in}$, which makes up for the half that
 * relu sets to 0. For a kernel `[in, out]`, $n_{in}$ = `in`; a convolution's kernel multiplies it by its window. No
 * options.
 * @throws ArgumentError for any option
 * @see He et al. 2015; Keras `HeUniform`; PyTorch `kaiming_uniform_`
 * @example
 * const draw = initializers.heUniform();
 * draw([2, 2], { dtype: "float32", key: random.key(0) }); // => [[-0.3497, 1.3182], [0.8165, 0.3654]]
 */
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
