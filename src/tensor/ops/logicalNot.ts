import { elementCost } from "../define/cost";
import { elementShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

const shader = elementShader("logicalNot", {
  wgsl: "fn value(x: T) -> T {\n  return 1 - x;\n}",
  inputs: 1,
  reference: (x) => 1 - x,
});

const logicalNotOp: Op<undefined> = {
  name: "logicalNot",
  info: { description: "True where the tensor is 0.", source: "NumPy logical_not" },
  infer: ([x]) => ({ shape: x!.shape, dtype: "bool" }),
  cost: elementCost,
  run: (call) => runMap(call, shader),
};

/**
 * True where the tensor is 0 or false.
 *
 * The result has the shape of the tensor. The result is bool (`array()` returns 1 and 0). NaN counts as true, so its
 * negation is false. No gradient flows through it. Source: NumPy `logical_not`.
 * @example
 * tensor([0, 1, -2]).logicalNot(); // => [1, 0, 0]
 */
export function logicalNot(x: Operand): Tensor {
  return apply(logicalNotOp, [cast(x, "bool")], undefined);
}
logicalNot.op = logicalNotOp;
