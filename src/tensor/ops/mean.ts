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
 * The mean along some axes, all by default.
 *
 * $y = \frac{1}{n} \sum_i x_i$. `axis` is one axis or a list of axes, and defaults to all of them; negative axes count
 * from the end. The reduced axes are removed, or kept with length 1 if `keepDims` is true (default false): `[2, 3]`
 * along axis 1 becomes `[2]` or `[2, 1]`. The mean of int32 is int32, truncated toward zero, and its sum wraps around;
 * bool counts as int32, so cast it to float32 first for a proportion. The mean of no values is NaN. Source: NumPy
 * `mean`; for int32 TensorFlow `reduce_mean`.
 * @throws ShapeError if the tensor lacks an axis, or an axis is repeated.
 * @throws ShapeError for int32 or bool without values.
 * @example
 * const x = tensor([[1, 2], [3, 5]]);
 * x.mean(); // => 2.75
 * x.mean(0, true); // => [[2, 3.5]]
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
  // int32 has no NaN to return.
  needsValues: (dtype) => dtype === "int32",
  finish(call, folded) {
    runMap({ ...call, inputs: [folded] }, divide, { words: [countOf(call.inputs[0]!, call.attributes.axes)] });
  },
  gradient: ({ x, gradient, attributes: { axes } }) => spread(gradient.div(countOf(x, axes)), x.shape, axes),
});
