import { normalizeAxes, reducedShape } from "../../base/shape";
import { reduceShader, runReduce } from "../define/reduce";
import { spread } from "../define/sumTo";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

/** Axes of a reduction, as attributes of its op. */
export interface ReductionAttributes {
  axes: readonly number[];
  keepDims: boolean;
}

const shader = reduceShader("sum", { element: "fn element(a: T, b: T) -> T {\n  return a + b;\n}" }, (a, b) => a + b);

/** @internal */
export const sumOp: Op<ReductionAttributes> = {
  name: "sum",
  info: { description: "The sum along some axes, all of them by default.", formula: "y = \\sum_i x_i", source: "NumPy sum" },
  infer: ([x], { axes, keepDims }) => ({ shape: reducedShape(x!.shape, axes, keepDims), dtype: x!.dtype }),
  run: (call) => runReduce(call, shader, call.attributes.axes, 0),
  gradient: ({ inputs, gradient, attributes }) => [spread(gradient, inputs[0]!.shape, attributes.axes)],
};

/** The sum along `axis` (one, several, or all). bool counts as int32; int32 wraps. An empty sum is 0. */
export function sum(x: Operand, axis?: number | readonly number[], keepDims = false): Tensor {
  const input = x.dtype === "bool" ? cast(x, "int32") : x;
  return apply(sumOp, [input], { axes: normalizeAxes(axis, x.shape.length, "sum"), keepDims });
}
