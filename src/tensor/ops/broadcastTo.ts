import { broadcastShapes, formatShape, sameShape, type Shape } from "../../base/shape";
import { ShapeError } from "../../base/errors";
import { copyCost } from "../define/cost";
import { copyShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { sumTo } from "../define/sumTo";

const broadcastToOp: Op<{ shape: Shape }> = {
  name: "broadcastTo",
  info: { description: "Repeats a tensor along axes of length 1 or new leading axes.", source: "NumPy broadcast_to" },
  infer([x], { shape }) {
    if (!sameShape(broadcastShapes(x!.shape, shape, "broadcastTo"), shape)) {
      throw new ShapeError({
        at: "broadcastTo",
        expected: `a tensor that broadcasts to ${formatShape(shape)}`,
        got: formatShape(x!.shape),
      });
    }
    return { shape, dtype: x!.dtype };
  },
  cost: copyCost,
  run: (call) => runMap(call, copyShader),
  gradient: ({ inputs, gradient }) => [sumTo(gradient, inputs[0]!.shape)],
};

/**
 * The tensor repeated along axes of length 1 and along new leading axes.
 *
 * `[3]` or `[1, 3]` to `[2, 3]`, by NumPy's broadcasting rules. The dtype is kept; a tensor that has the shape already
 * is returned itself. The gradient is summed over the repeated axes. Source: NumPy `broadcast_to`.
 * @throws ShapeError if the tensor does not broadcast to the shape.
 * @example
 * tensor([1, 2, 3]).broadcastTo([2, 3]); // => [[1, 2, 3], [1, 2, 3]]
 */
export function broadcastTo(x: Operand, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x.asTensor() : apply(broadcastToOp, [x], { shape });
}
broadcastTo.op = broadcastToOp;
