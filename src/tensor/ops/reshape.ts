import { resolveReshape, type Shape } from "../../base/shape";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const reshapeOp: Op<{ shape: Shape }> = {
  name: "reshape",
  info: { description: "The same elements in row-major order with a new shape.", source: "NumPy reshape" },
  infer: ([x], { shape }) => ({ shape: resolveReshape(x!.shape, shape, "reshape"), dtype: x!.dtype }),
  gradient: ({ inputs, gradient }) => [reshape(gradient, inputs[0]!.shape)],
};

/** The same elements as `shape`, of which one length may be -1. Nothing is copied. @throws ShapeError if the size differs. */
export function reshape(x: Operand, shape: Shape): Tensor {
  return apply(reshapeOp, [x], { shape });
}
reshape.op = reshapeOp;
