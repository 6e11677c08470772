import { ShapeError } from "../../base/errors";
import { normalizeAxis } from "../../base/shape";
import { copyCost } from "../define/cost";
import { copyShader, runMap, stridesAlong } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const transposeOp: Op<{ axes: readonly number[] }> = {
  name: "transpose",
  info: { description: "The same values with permuted axes.", source: "NumPy transpose" },
  infer: ([x], { axes }) => ({ shape: axes.map((axis) => x!.shape[axis]!), dtype: x!.dtype }),
  cost: copyCost,
  run: (call) => runMap(call, copyShader, { strides: [stridesAlong(call.inputs[0]!, call.attributes.axes)] }),
  gradient({ gradient, attributes: { axes } }) {
    const back = axes.map((_, axis) => axes.indexOf(axis));
    return [transpose(gradient, back)];
  },
};

/**
 * The tensor with its axes in another order; by default reversed.
 *
 * Axis `i` of the result is axis `axes[i]` of the tensor: `[2, 3, 4]` with `[2, 0, 1]` becomes `[4, 2, 3]`. The dtype
 * is kept. Source: NumPy `transpose`.
 * @throws ShapeError unless `axes` names each axis once.
 * @example
 * tensor([[1, 2, 3], [4, 5, 6]]).transpose(); // => [[1, 4], [2, 5], [3, 6]]
 * zeros([2, 3, 4]).transpose([2, 0, 1]).shape; // => [4, 2, 3]
 */
export function transpose(x: Operand, axes?: readonly number[]): Tensor {
  const rank = x.shape.length;
  const order = axes
    ? axes.map((axis) => normalizeAxis(axis, rank, "transpose"))
    : Array.from({ length: rank }, (_, index) => rank - 1 - index);
  if (order.length !== rank || new Set(order).size !== rank) {
    throw new ShapeError({ at: "transpose", expected: `each of ${rank} axes once`, got: JSON.stringify(axes) });
  }
  return apply(transposeOp, [x], { axes: order });
}
transpose.op = transposeOp;
