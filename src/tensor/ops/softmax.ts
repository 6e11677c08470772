import { normalizeAxis, sizeOf } from "../../base/shape";
import { costOf } from "../define/cost";
import type { Shader } from "../../device/backend";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

interface SoftmaxUniforms {
  rows: number;
  length: number;
  inner: number;
}

/** The longest row that is computed by a single invocation. */
const shortLength = 64;

const reference: Shader<SoftmaxUniforms>["reference"] = ([input], result, { rows, length, inner }) => {
  const x = input!;
  for (let row = 0; row < rows; row++) {
    const base = Math.floor(row / inner) * length * inner + (row % inner);
    const end = base + length * inner;
    let greatest = -Infinity;
    for (let at = base; at < end; at += inner) greatest = Math.max(greatest, x[at]!);
    let sum = 0;
    for (let at = base; at < end; at += inner) sum += Math.exp(x[at]! - greatest);
    for (let at = base; at < end; at += inner) result[at] = Math.exp(x[at]! - greatest) / sum;
  }
};

function softmaxShader(name: string, file: string): Shader<SoftmaxUniforms> {
  return { name, link: { file }, pack: ({ rows, length, inner }) => Uint32Array.of(rows, length, inner), reference };
}

const byWorkgroup = softmaxShader("softmax", "ops/softmax");
const byInvocation = softmaxShader("softmax of short rows", "ops/softmax_short");

const softmaxOp: Op<{ axis: number }> = {
  name: "softmax",
  info: {
    description: "Exponentials along an axis divided by their sum: positive numbers that sum to 1.",
    formula: "y_i = \\frac{e^{x_i}}{\\sum_j e^{x_j}}",
    source: "PyTorch softmax",
  },
  infer: ([x]) => ({ shape: x!.shape, dtype: "float32" }),
  // Maximum, difference, exponential, sum, quotient.
  cost: (inputs, result) => costOf(inputs, result, 5 * sizeOf(result.shape)),
  run({ inputs, result, attributes: { axis }, run }) {
    const length = result.shape[axis]!;
    const rows = length === 0 ? 0 : result.size / length;
    const uniforms = { rows, length, inner: sizeOf(result.shape.slice(axis + 1)) };
    if (length <= shortLength || rows >= 4096) run(byInvocation, inputs, result, uniforms, Math.ceil(rows / 64));
    else run(byWorkgroup, inputs, result, uniforms, rows);
  },
  expand([x], { axis }) {
    const powers = x!.sub(x!.max(axis, true)).exp();
    return powers.div(powers.sum(axis, true));
  },
  gradient({ result, gradient, attributes: { axis } }) {
    const weighted = gradient.mul(result);
    return [weighted.sub(result.mul(weighted.sum(axis, true)))];
  },
};

/**
 * Exponentials along an axis divided by their sum: positive numbers that add up to 1.
 *
 * $y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}$, computed from the differences to the greatest value, so that nothing
 * overflows. `axis` defaults to -1, the last one. The result is float32 in the shape of the tensor; int32 and bool are
 * converted first. NaN along the whole axis if one of its values is NaN. Source: PyTorch `softmax`.
 * @throws ShapeError if the tensor lacks the axis.
 * @example
 * tensor([1, 2, 3]).softmax(); // => [0.09, 0.2447, 0.6652]
 */
export function softmax(x: Operand, axis = -1): Tensor {
  const along = normalizeAxis(axis, x.shape.length, "softmax");
  return withoutTemporaries(() => apply(softmaxOp, [cast(x, "float32")], { axis: along }));
}
softmax.op = softmaxOp;
