import { defineUnary, type Unary } from "../define/elementwise";

function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : Math.ceil(x);
}

/**
 * Each element rounded to the nearest whole number, halves to the even one.
 *
 * The result is float32 in the shape of the tensor; int32 and bool are converted first. NaN and infinities stay as they
 * are. No gradient flows through it. Source: NumPy `round`.
 * @example
 * tensor([0.5, 1.5, -2.7]).round(); // => [0, 2, -3]
 */
export const round: Unary = defineUnary({
  name: "round",
  info: { description: "Each element rounded to the nearest integer, halves to even.", source: "NumPy round" },
  function: "round_even",
  takes: "float",
  reference: roundEven,
});
