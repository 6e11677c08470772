import { withoutTemporaries } from "../define/temporaries";
import type { Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

const info: Op["info"] = {
  description: "The logarithm of softmax, without forming it.",
  formula: "y_i = x_i - \\ln \\sum_j e^{x_j}",
  source: "PyTorch log_softmax",
};

/**
 * The logarithm of softmax along an axis, without overflow or loss of digits.
 *
 * $y_i = x_i - \ln \sum_j e^{x_j}$. `axis` defaults to -1, the last one. The result is float32 in the shape of the
 * tensor; int32 and bool are converted first. Source: PyTorch `log_softmax`.
 * @throws ShapeError if the tensor lacks the axis, or the axis is empty.
 * @example
 * tensor([1, 2, 3]).logSoftmax(); // => [-2.4076, -1.4076, -0.4076]
 */
export function logSoftmax(x: Operand, axis = -1): Tensor {
  return withoutTemporaries(() => {
    const values = cast(x, "float32");
    // The greatest value is subtracted first, so that small differences keep their digits.
    const shifted = values.sub(values.max(axis, true).stopGradient());
    return shifted.sub(shifted.logSumExp(axis, true));
  });
}
logSoftmax.op = { name: "logSoftmax", info };
