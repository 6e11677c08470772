import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spreadOverChosen } from "../define/sumTo";

/**
 * The greatest value along some axes, all by default.
 *
 * $y = \max_i x_i$. `axis` is one axis or a list of axes, and defaults to all of them; negative axes count from the
 * end. The reduced axes are removed, or kept with length 1 if `keepDims` is true (default false): `[2, 3]` along axis 1
 * becomes `[2]` or `[2, 1]`. bool counts as int32. NaN if one of the values is NaN. Values that tie share the gradient
 * equally. Source: NumPy `max`.
 * @throws ShapeError if the tensor lacks an axis, or an axis is repeated.
 * @throws ShapeError if there is no value to choose from.
 * @example
 * const x = tensor([[1, 5, 2], [7, 0, 3]]);
 * x.max(); // => 7
 * x.max(1); // => [5, 7]
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
