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

/** The population's variance along `axis` (one, several, or all), in float32, from the distances to the mean. */
export function variance(x: Operand, axis?: number | readonly number[], keepDims = false): Tensor {
  const axes = normalizeAxes(axis, x.shape.length, "variance");
  return withoutTemporaries(() => {
    const values = cast(x, "float32");
    return values.sub(values.mean(axes, true)).square().mean(axes, keepDims);
  });
}
variance.op = { name: "variance", info };
