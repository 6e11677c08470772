import { sizeOf } from "../../base/shape";
import { elementShader, runMap } from "../define/map";
import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spread } from "../define/sumTo";
import type { Tensor } from "../tensor";

function countOf(x: Tensor, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => x.shape[axis]!));
}

const divide = elementShader("divide-by-count", {
  wgsl: "fn value(sum: T, count: u32) -> T {\n  return sum / T(count);\n}",
  inputs: 1,
  words: 1,
  reference: (sum, count) => sum / count,
});

/**
 * The mean along `axis` (one, several, or all). Of int32 it is int32, truncated
 * toward zero (its sum wraps); the mean of nothing is NaN.
 * @throws ShapeError for int32 without values.
 */
export const mean: Reduction = defineReduction({
  name: "mean",
  info: {
    description: "The mean along some axes, all of them by default.",
    formula: "y = \\frac{1}{n} \\sum_i x_i",
    source: "NumPy mean; TensorFlow reduce_mean for int32",
  },
  takes: "number",
  fold: defineFold(
    "sum",
    "add",
    (a, b) => a + b,
    (a, b) => (a + b) | 0,
  ),
  start: () => 0,
  // int32 has no NaN to answer with.
  needsValues: (dtype) => dtype === "int32",
  finish(call, folded) {
    runMap({ ...call, inputs: [folded] }, divide, { words: [countOf(call.inputs[0]!, call.attributes.axes)] });
  },
  gradient: ({ x, gradient, attributes: { axes } }) => spread(gradient.div(countOf(x, axes)), x.shape, axes),
});
