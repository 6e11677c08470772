import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spreadOverChosen } from "../define/sumTo";

/**
 * The smallest value along `axis` (one, several, or all); NaN if one is NaN.
 * Where several are smallest they share the gradient equally.
 * @throws ShapeError for no values.
 */
export const min: Reduction = defineReduction({
  name: "min",
  info: {
    description: "The smallest value along some axes, all of them by default.",
    formula: "y = \\min_i x_i",
    source: "NumPy min",
  },
  takes: "number",
  fold: defineFold("min", "minimum", Math.min),
  start: (dtype) => (dtype === "float32" ? Infinity : 2 ** 31 - 1),
  needsValues: () => true,
  gradient: spreadOverChosen,
});
