import { broadcastShapes, formatShape, sameShape, type Shape } from "../../base/shape";
import { ShapeError } from "../../base/errors";
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
  run: (call) => runMap(call, copyShader),
  gradient: ({ inputs, gradient }) => [sumTo(gradient, inputs[0]!.shape)],
};

/** `x` repeated to `shape` by NumPy's rules. @throws ShapeError if it does not broadcast to it. */
export function broadcastTo(x: Operand, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x.asTensor() : apply(broadcastToOp, [x], { shape });
}
broadcastTo.op = broadcastToOp;
