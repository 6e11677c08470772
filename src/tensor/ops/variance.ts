import { normalizeAxes } from "../../base/shape";
import { withoutTemporaries } from "../define/temporaries";
import type { Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

const info: Op["info"] = {
  description: "The population variance along some axes, all of them by default.",
  formula: "y = \\frac{1}{n} \\sum_i (x_i - \\bar x)^2",
  source: "NumPy var",
};

/**
 * The variance of the population along some axes, all by default.
 *
 * $y = \frac{1}{n} \sum_i (x_i - \bar x)^2$, computed from the differences to the mean. `axis` is one axis or a list of
 * axes, and defaults to all of them; negative axes count from the end. The reduced axes are removed, or kept with
 * length 1 if `keepDims` is true (default false): `[2, 3]` along axis 1 becomes `[2]` or `[2, 1]`. The result is
 * float32; int32 and bool are converted first. The variance of no values is NaN. Source: NumPy `var`.
 * @throws ShapeError if the tensor lacks an axis, or an axis is repeated.
 * @example
 * tensor([[1, 3], [2, 6]]).variance(1); // => [1, 4]
 */
export function variance(x: Operand, axis?: number | readonly number[], keepDims = false): Tensor {
  const axes = normalizeAxes(axis, x.shape.length, "variance");
  return withoutTemporaries(() => {
    const values = cast(x, "float32");
    return values.sub(values.mean(axes, true)).square().mean(axes, keepDims);
  });
}
variance.op = { name: "variance", info };
