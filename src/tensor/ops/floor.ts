import { defineUnary, type Unary } from "../define/elementwise";

/**
 * Each element rounded down to a whole number.
 *
 * $y = \lfloor x \rfloor$. The result is float32 in the shape of the tensor; int32 and bool are converted first. NaN
 * and infinities stay as they are. No gradient flows through it. Source: NumPy `floor`.
 * @example
 * tensor([-1.5, 0.8, 3]).floor(); // => [-2, 0, 3]
 */
export const floor: Unary = defineUnary({
  name: "floor",
  info: { description: "Each element rounded down.", formula: "y = \\lfloor x \\rfloor", source: "NumPy floor" },
  function: "round_down",
  takes: "float",
  reference: Math.floor,
});
