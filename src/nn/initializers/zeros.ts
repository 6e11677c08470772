import { zeros as zerosTensor } from "../../tensor/creation";
import { defineInitializer, type InitializerKind } from "../define/initializer";

/**
 * Sets every element to 0; the default of all biases.
 *
 * Computes $w_i = 0$ for a weight of any shape. No options.
 * @throws ArgumentError for any option
 * @see Keras `Zeros`; PyTorch `zeros_`
 * @example
 * initializers.zeros()([2], { dtype: "float32", key: random.key(0) }); // => [0, 0]
 */
export const zeros: InitializerKind<object> = defineInitializer(
  {
    kind: "zeros",
    title: { en: "Zeros", zh: "全零" },
    description: { en: "All zeros.", zh: "全部为 0。" },
    source: "Keras Zeros",
    fields: [],
  },
  (_, shape, { dtype }) => zerosTensor(shape, { dtype }),
);
