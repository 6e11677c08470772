import { ShapeError } from "../../base/errors";
import { normalizeAxis } from "../../base/shape";
import { copyShader, runMap, stridesAlong } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const transposeOp: Op<{ axes: readonly number[] }> = {
  name: "transpose",
  info: { description: "The same values with permuted axes.", source: "NumPy transpose" },
  infer: ([x], { axes }) => ({ shape: axes.map((axis) => x!.shape[axis]!), dtype: x!.dtype }),
  run: (call) => runMap(call, copyShader, { strides: [stridesAlong(call.inputs[0]!, call.attributes.axes)] }),
  gradient({ gradient, attributes: { axes } }) {
    const back = axes.map((_, axis) => axes.indexOf(axis));
    return [transpose(gradient, back)];
  },
};

/**
 * `x` with axis i of the result being axis `axes[i]` of x; without `axes`, in reverse.
 * @throws ShapeError unless `axes` names each axis once.
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
