import { type ArgReduction, defineArgReduction } from "../define/argReduction";

/**
 * The index of the greatest value along an axis, or in the flattened tensor if `axis` is omitted.
 *
 * $y = \arg\max_i x_i$. The result is int32. The axis is removed, or kept with length 1 if `keepDims` is true (default
 * false): `[2, 3]` along axis 1 becomes `[2]`. Of equal values the first counts, and the first NaN comes before every
 * number. No gradient flows through it. Source: NumPy `argmax`.
 * @throws ShapeError if the tensor lacks the axis, or there is no value to choose from.
 * @example
 * const x = tensor([[1, 5, 2], [7, 0, 7]]);
 * x.argmax(1); // => [1, 0]
 * x.argmax(); // => 3
 */
export const argmax: ArgReduction = defineArgReduction(
  "argmax",
  { description: "The place of the greatest value.", formula: "y = \\arg\\max_i x_i", source: "NumPy argmax" },
  ">",
  (b, a) => b > a,
);
