import { type ArgReduction, defineArgReduction } from "../define/argReduction";

/**
 * Where along `axis` the greatest value is, as int32: the first of equals, the
 * first NaN before all. Without an axis, the place in the flattened tensor.
 * @throws ShapeError for no values.
 */
export const argmax: ArgReduction = defineArgReduction(
  "argmax",
  { description: "The place of the greatest value.", formula: "y = \\arg\\max_i x_i", source: "NumPy argmax" },
  ">",
  (b, a) => b > a,
);
