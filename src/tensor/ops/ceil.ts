import { defineUnary, type Unary } from "../define/elementwise";

/**
 * Each element rounded up to a whole number.
 *
 * $y = \lceil x \rceil$. The result is float32 in the shape of the tensor; int32 and bool are converted first. NaN and
 * infinities stay as they are. No gradient flows through it. Source: NumPy `ceil`.
 * @example
 * tensor([-1.5, 0.2, 3]).ceil(); // => [-1, 1, 3]
 */
export const ceil: Unary = defineUnary({
  name: "ceil",
  info: { description: "Each element rounded up.", formula: "y = \\lceil x \\rceil", source: "NumPy ceil" },
  function: "round_up",
  takes: "float",
  reference: Math.ceil,
});
