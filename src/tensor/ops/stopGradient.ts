import { viewCost } from "../define/cost";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const stopGradientOp: Op<undefined> = {
  name: "stopGradient",
  info: { description: "The same values, with no gradient flowing through them.", source: "TensorFlow stop_gradient" },
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  cost: viewCost,
};

/**
 * The same values, which a gradient treats as constants; nothing is copied.
 *
 * $y = x$, with $\partial y / \partial x = 0$. The result has the shape of the tensor. Source: TensorFlow
 * `stop_gradient`.
 * @example
 * const x = tensor([1, 2, 3]);
 * const { grads } = await valueAndGrad(() => x.mul(stopGradient(x)).sum(), [x]);
 * grads[0]; // => [1, 2, 3]
 */
export function stopGradient(x: Operand): Tensor {
  return apply(stopGradientOp, [x], undefined);
}
stopGradient.op = stopGradientOp;
