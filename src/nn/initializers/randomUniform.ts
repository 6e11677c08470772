import { random } from "../../tensor/random";
import { defineInitializer, type InitializerKind } from "../initializer";

/** U(minval, maxval); -0.05 and 0.05 by default. */
export const randomUniform: InitializerKind<{ minval?: number; maxval?: number }> = defineInitializer<{
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
