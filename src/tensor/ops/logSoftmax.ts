import { withoutTemporaries } from "../define/temporaries";
import type { Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

const info: Op["info"] = {
  description: "The logarithm of softmax, without forming it.",
  formula: "y_i = x_i - \\ln \\sum_j e^{x_j}",
  source: "PyTorch log_softmax",
};

/** `log(softmax(x))` along `axis`, in float32. @throws ShapeError for no values. */
export function logSoftmax(x: Operand, axis = -1): Tensor {
  return withoutTemporaries(() => {
    const values = cast(x, "float32");
    // Taken off first, the greatest value costs the small differences none of their digits.
    const shifted = values.sub(values.max(axis, true).stopGradient());
    return shifted.sub(shifted.logSumExp(axis, true));
  });
}
logSoftmax.op = { name: "logSoftmax", info };
