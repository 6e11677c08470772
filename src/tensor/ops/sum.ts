import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spread } from "../define/sumTo";

/**
 * The sum along some axes, all by default.
 *
 * $y = \sum_i x_i$. `axis` is one axis or a list of axes, and defaults to all of them; negative axes count from the
 * end. The reduced axes are removed, or kept with length 1 if `keepDims` is true (default false): `[2, 3]` along axis 1
 * becomes `[2]` or `[2, 1]`. bool counts as int32, and int32 wraps around. The sum of no values is 0. Source: NumPy
 * `sum`.
 * @throws ShapeError if the tensor lacks an axis, or an axis is repeated.
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * x.sum(); // => 10
 * x.sum(0); // => [4, 6]
 * x.sum(1, true); // => [[3], [7]]
 */
export const sum: Reduction = defineReduction({
  name: "sum",
  info: {
    description: "The sum along some axes, all of them by default.",
    formula: "y = \\sum_i x_i",
    source: "NumPy sum",
  },
  takes: "number",
  fold: defineFold(
    "sum",
    "add",
    (a, b) => a + b,
    (a, b) => (a + b) | 0,
  ),
  start: () => 0,
  gradient: ({ x, gradient, attributes }) => spread(gradient, x.shape, attributes.axes),
});
