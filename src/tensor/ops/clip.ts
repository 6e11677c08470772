import { ArgumentError } from "../../base/errors";
import { elementShader, runMap } from "../define/map";
import { scalarDType } from "../define/operands";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { promote } from "../../base/dtype";
import { elementCost } from "../define/cost";
import { cast } from "./cast";

interface ClipAttributes {
  min: number;
  max: number;
}

const forFloat = elementShader("clip", {
  wgsl: "fn value(x: T, low: f32, high: f32) -> T {\n  return minimum(maximum(x, low), high);\n}",
  inputs: 1,
  scalars: 2,
  reference: (x, low, high) => Math.min(Math.max(x, low), high),
});
// Whole numbers are passed as words, because beyond 2^24 float32 cannot represent all of them.
const forWhole = elementShader("clip-int32", {
  wgsl: "fn value(x: T, low: u32, high: u32) -> T {\n  return clamp(x, bitcast<i32>(low), bitcast<i32>(high));\n}",
  inputs: 1,
  words: 2,
  reference: (x, low, high) => Math.min(Math.max(x, low | 0), high | 0),
});

/** Returns the bits of an int32 as an unsigned word; infinite bounds become the ends of the range. */
function word(bound: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, bound)) >>> 0;
}

const clipOp: Op<ClipAttributes> = {
  name: "clip",
  info: {
    description: "Each element clamped between two bounds.",
    formula: "y = \\min(\\max(x, a), b)",
    source: "NumPy clip",
  },
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  cost: elementCost,
  run(call) {
    const { min, max } = call.attributes;
    if (call.result.dtype === "float32") runMap(call, forFloat, { scalars: [min, max] });
    else runMap(call, forWhole, { words: [word(min), word(max)] });
  },
  gradient({ inputs: [x], attributes: { min, max }, gradient }) {
    return [gradient.mul(x!.greaterEqual(min).logicalAnd(x!.lessEqual(max)))];
  },
};

/**
 * Each element limited to the range from `min` to `max`.
 *
 * $y = \min(\max(x, a), b)$. `min` defaults to -Infinity, `max` to Infinity. The result has the shape of the tensor.
 * bool counts as int32; a bound that is a fraction makes int32 float32. NaN stays NaN. The gradient is 1 from bound to
 * bound, both included, and 0 outside. Source: NumPy `clip`.
 * @throws ArgumentError if `min` is greater than `max`, or either is NaN.
 * @example
 * tensor([-3, 0.5, 8]).clip(-1, 2); // => [-1, 0.5, 2]
 */
export function clip(x: Operand, min = -Infinity, max = Infinity): Tensor {
  if (!(min <= max)) throw new ArgumentError({ at: "clip", expected: "min <= max", got: `${min} and ${max}` });
  const bounds = [min, max].filter((bound) => Math.abs(bound) !== Infinity);
  const dtype = bounds
    .map((bound) => scalarDType(bound, x.dtype))
    .reduce(promote, x.dtype === "bool" ? "int32" : x.dtype);
  return withoutTemporaries(() => apply(clipOp, [cast(x, dtype)], { min, max }));
}
clip.op = clipOp;
