import { defineInitializer, type InitializerKind } from "../define/initializer";
import { scaledVariance } from "./varianceScaling";

/**
 * Glorot (Xavier) uniform: draws from a range that depends on inputs and outputs; the default of kernels.
 *
 * $w \sim U(-a, a)$ with $a = \sqrt{6 / (n_{in} + n_{out})}$, so $\mathrm{Var}(w) = 2 / (n_{in} + n_{out})$: signals
 * and gradients retain their spread through layers with tanh or sigmoid. For a kernel `[in, out]`, $n_{in}$ = `in` and
 * $n_{out}$ = `out`; a convolution's kernel multiplies both by its window. No options.
 * @throws ArgumentError for any option
 * @see Glorot & Bengio 2010; Keras `GlorotUniform`; PyTorch `xavier_uniform_`
 * @example
 * const draw = initializers.glorotUniform();
 * draw([2, 2], { dtype: "float32", key: random.key(0) }); // => [[-0.2473, 0.9321], [0.5774, 0.2584]]
 */
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
