import { random } from "../../tensor/randomOps";
import { defineInitializer, type InitializerKind } from "../define/initializer";

/**
 * Draws evenly from a range.
 *
 * $w \sim U(a, b)$, from $a$ inclusive to $b$ exclusive, for a weight of any shape.
 * @param options `minval`, $a$, defaults to -0.05 and `maxval`, $b$, to 0.05
 * @throws ArgumentError for an unknown option
 * @see Keras `RandomUniform`; PyTorch `uniform_`, whose range defaults to 0 to 1
 * @example
 * initializers.randomUniform({ minval: 0, maxval: 1 })([3], { dtype: "float32", key: random.key(0) }); // => [0.399, 0.8805, 0.7357]
 */
export const randomUniform: InitializerKind<{
  /** Lower end of the range. Default -0.05. */
  minval?: number;
  /** Upper end of the range. Default 0.05. */
  maxval?: number;
}> = defineInitializer<{
  minval?: number;
  maxval?: number;
}>(
  {
    kind: "randomUniform",
    title: { en: "Random uniform", zh: "均匀分布" },
    description: { en: "Drawn uniformly from a range.", zh: "在区间内均匀抽取。" },
    formula: "w \\sim U(a, b)",
    source: "Keras RandomUniform",
    fields: [
      { name: "minval", title: { en: "Minimum", zh: "下限" }, type: "number", default: -0.05 },
      { name: "maxval", title: { en: "Maximum", zh: "上限" }, type: "number", default: 0.05 },
    ],
  },
  ({ minval, maxval }, shape, { key, dtype }) => random.uniform(shape, minval, maxval, { key, dtype }),
);
