import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spreadOverChosen } from "../define/sumTo";

/**
 * The smallest value along some axes, all by default.
 *
 * $y = \min_i x_i$. `axis` is one axis or a list of axes, and defaults to all of them; negative axes count from the
 * end. The reduced axes are removed, or kept with length 1 if `keepDims` is true (default false): `[2, 3]` along axis 1
 * becomes `[2]` or `[2, 1]`. bool counts as int32. NaN if one of the values is NaN. Values that tie share the gradient
 * equally. Source: NumPy `min`.
 * @throws ShapeError if the tensor lacks an axis, or an axis is repeated.
 * @throws ShapeError if there is no value to choose from.
 * @example
 * const x = tensor([[1, 5, 2], [7, 0, 3]]);
 * x.min(); // => 0
 * x.min(0); // => [1, 0, 2]
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
