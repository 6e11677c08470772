import type { KindInfo } from "../../base/info";
import { full } from "../../tensor/creation";
import { defineInitializer, type Initializer } from "../define/initializer";

const info: KindInfo = {
  kind: "constant",
  title: { en: "Constant", zh: "常数" },
  description: { en: "The same number everywhere.", zh: "处处为同一个数。" },
  source: "Keras Constant",
  fields: [{ name: "value", title: { en: "Value", zh: "数值" }, type: "number", positional: true, default: 0 }],
};

const withFields = defineInitializer<{ value: number }>(info, ({ value }, shape, { dtype }) =>
  full(shape, value, { dtype }),
);

/**
 * Sets every element to one number.
 *
 * Computes $w_i = c$ for a weight of any shape.
 * @param value the number $c$; 0 by default
 * @returns an initializer for `kernelInitializer`, `biasInitializer` and `addWeight`
 * @see Keras `Constant`; PyTorch `constant_`
 * @example
 * initializers.constant(3)([2], { dtype: "float32", key: random.key(0) }); // => [3, 3]
 * dense(2, { biasInitializer: initializers.constant(1) }).call(zeros([1, 4])); // => [[1, 1]]
 */
export const constant = Object.assign((value = 0): Initializer => withFields({ value }), { info });
