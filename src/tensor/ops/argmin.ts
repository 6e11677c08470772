import { type ArgReduction, defineArgReduction } from "../define/argReduction";

/**
 * Where along `axis` the smallest value is, as int32: the first of equals, the
 * first NaN before all. Without an axis, the place in the flattened tensor.
 * @throws ShapeError for no values.
 */
export const argmin: ArgReduction = defineArgReduction(
  "argmin",
  { description: "The index of the smallest value.", formula: "y = \\arg\\min_i x_i", source: "NumPy argmin" },
  "<",
  (b, a) => b < a,
);
