import { type ArgReduction, defineArgReduction } from "../define/argReduction";

/**
 * The index of the smallest value along an axis, or in the flattened tensor if `axis` is omitted.
 *
 * $y = \arg\min_i x_i$. The result is int32. The axis is removed, or kept with length 1 if `keepDims` is true (default
 * false): `[2, 3]` along axis 1 becomes `[2]`. Of equal values the first counts, and the first NaN comes before every
 * number. No gradient flows through it. Source: NumPy `argmin`.
 * @throws ShapeError if the tensor lacks the axis, or there is no value to choose from.
 * @example
 * const x = tensor([[1, 5, 2], [7, 0, 7]]);
 * x.argmin(1); // => [0, 1]
 * x.argmin(); // => 4
 */
export const argmin: ArgReduction = defineArgReduction(
  "argmin",
  { description: "The index of the smallest value.", formula: "y = \\arg\\min_i x_i", source: "NumPy argmin" },
  "<",
  (b, a) => b < a,
);
