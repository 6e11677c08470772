import { normalizeAxis, sizeOf } from "../../base/shape";
import { elementCost } from "../define/cost";
import type { Shader } from "../../device/backend";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

/** Options of `cumulativeSum`. */
export interface CumulativeSumOptions {
  /** Leaves each element out of its own sum, so that the first is 0. Default false. */
  exclusive?: boolean;
  /** Adds from the end of the axis. Default false. */
  reverse?: boolean;
}

interface CumulativeUniforms extends Required<CumulativeSumOptions> {
  rows: number;
  length: number;
  inner: number;
}

const shader: Shader<CumulativeUniforms> = {
  name: "cumulativeSum",
  link: { file: "ops/cumulative_sum" },
  pack: ({ rows, length, inner, exclusive, reverse }) =>
    Uint32Array.of(rows, length, inner, Number(exclusive), Number(reverse)),
  reference([input], result, { rows, length, inner, exclusive, reverse }) {
    const whole = result instanceof Int32Array;
    for (let row = 0; row < rows; row++) {
      const base = Math.floor(row / inner) * length * inner + (row % inner);
      let sum = 0;
      for (let k = 0; k < length; k++) {
        const at = base + (reverse ? length - 1 - k : k) * inner;
        const next = whole ? (sum + input![at]!) | 0 : sum + input![at]!;
        result[at] = exclusive ? sum : next;
        sum = next;
      }
    }
  },
};

const cumulativeSumOp: Op<Required<CumulativeSumOptions> & { axis: number }> = {
  name: "cumulativeSum",
  info: {
    description: "The running sum along an axis.",
    formula: "y_k = \\sum_{i \\le k} x_i",
    source: "TensorFlow cumsum",
  },
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  cost: elementCost,
  run({ inputs, result, attributes: { axis, exclusive, reverse }, run }) {
    const length = result.shape[axis]!;
    const rows = length === 0 ? 0 : result.size / length;
    const inner = sizeOf(result.shape.slice(axis + 1));
    run(shader, inputs, result, { rows, length, inner, exclusive, reverse }, rows);
  },
  gradient: ({ gradient, attributes: { axis, exclusive, reverse } }) => [
    cumulativeSum(gradient, axis, { exclusive, reverse: !reverse }),
  ],
};

/**
 * The running sum along an axis: each element plus all before it.
 *
 * $y_k = \sum_{i \le k} x_i$. `axis` defaults to -1, the last one. The result has the shape of the tensor. bool counts
 * as int32, and int32 wraps around. Source: TensorFlow `cumsum`.
 * @param options `exclusive` (default false) leaves each element out of its own sum, `reverse` (default false) adds
 * from the end.
 * @throws ShapeError if the tensor lacks the axis.
 * @example
 * tensor([1, 2, 3]).cumulativeSum(); // => [1, 3, 6]
 * tensor([1, 2, 3]).cumulativeSum(0, { exclusive: true }); // => [0, 1, 3]
 * tensor([1, 2, 3]).cumulativeSum(0, { reverse: true }); // => [6, 5, 3]
 */
export function cumulativeSum(
  x: Operand,
  axis = -1,
  { exclusive = false, reverse = false }: CumulativeSumOptions = {},
): Tensor {
  const along = normalizeAxis(axis, x.shape.length, "cumulativeSum");
  const dtype = x.dtype === "bool" ? "int32" : x.dtype;
  return withoutTemporaries(() => apply(cumulativeSumOp, [cast(x, dtype)], { axis: along, exclusive, reverse }));
}
cumulativeSum.op = cumulativeSumOp;
