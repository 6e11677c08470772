import { ones as onesTensor } from "../../tensor/creation";
import { defineInitializer, type InitializerKind } from "../define/initializer";

/**
 * Sets every element to 1.
 *
 * Computes $w_i = 1$ for a weight of any shape. No options.
 * @throws ArgumentError for any option
 * @see Keras `Ones`; PyTorch `ones_`
 * @example
 * initializers.ones()([2], { dtype: "float32", key: random.key(0) }); // => [1, 1]
 */
export const ones: InitializerKind<object> = defineInitializer(
  {
    kind: "ones",
    title: { en: "Ones", zh: "全一" },
    description: { en: "All ones.", zh: "全部为 1。" },
    source: "Keras Ones",
    fields: [],
  },
  (_, shape, { dtype }) => onesTensor(shape, { dtype }),
);
