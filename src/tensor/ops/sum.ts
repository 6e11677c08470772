import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spread } from "../define/sumTo";

/** The sum along `axis` (one, several, or all). bool counts as int32; int32 wraps. An empty sum is 0. */
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
