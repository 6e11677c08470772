import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const stopGradientOp: Op<undefined> = {
  name: "stopGradient",
  info: { description: "The same values, with no gradient flowing through them.", source: "TensorFlow stop_gradient" },
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
};

/** The same values; for a gradient they are constants. Nothing is copied. */
export function stopGradient(x: Operand): Tensor {
  return apply(stopGradientOp, [x], undefined);
}
stopGradient.op = stopGradientOp;
