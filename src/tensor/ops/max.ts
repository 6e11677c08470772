import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spreadOverChosen } from "../define/sumTo";

/**
 * The greatest value along `axis` (one, several, or all); NaN if one is NaN.
 * Where several are greatest they share the gradient equally.
 * @throws ShapeError for no values.
 */
export const max: Reduction = defineReduction({
  name: "max",
  info: {
    description: "The greatest value along some axes, all of them by default.",
    formula: "y = \\max_i x_i",
    source: "NumPy max",
  },
  takes: "number",
  fold: defineFold("max", "maximum", Math.max),
  start: (dtype) => (dtype === "float32" ? -Infinity : -(2 ** 31)),
  needsValues: () => true,
  gradient: spreadOverChosen,
});
