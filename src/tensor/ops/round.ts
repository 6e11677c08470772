import { defineUnary, type Unary } from "../define/elementwise";

function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : Math.ceil(x);
}

/** The nearest whole number, of two equally near the even one, in float32. It has no gradient. */
export const round: Unary = defineUnary({
  name: "round",
  info: { description: "Each element rounded to the nearest integer, halves to even.", source: "NumPy round" },
  function: "round_even",
  takes: "float",
  reference: roundEven,
});
