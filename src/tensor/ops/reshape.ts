import { resolveReshape, type Shape } from "../../base/shape";
import { viewCost } from "../define/cost";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const reshapeOp: Op<{ shape: Shape }> = {
  name: "reshape",
  info: { description: "The same elements in row-major order with a new shape.", source: "NumPy reshape" },
  infer: ([x], { shape }) => ({ shape: resolveReshape(x!.shape, shape, "reshape"), dtype: x!.dtype }),
  cost: viewCost,
  gradient: ({ inputs, gradient }) => [reshape(gradient, inputs[0]!.shape)],
};

/**
 * The same elements in row-major order under another shape; nothing is copied.
 *
 * `[2, 6]` to `[3, 4]`, for example. One length may be -1, and is then computed from the others. The dtype is kept.
 * Source: NumPy `reshape`.
 * @throws ShapeError if the number of elements differs.
 * @example
 * arange(6).reshape([2, -1]); // => [[0, 1, 2], [3, 4, 5]]
 */
export function reshape(x: Operand, shape: Shape): Tensor {
  return apply(reshapeOp, [x], { shape });
}
reshape.op = reshapeOp;
