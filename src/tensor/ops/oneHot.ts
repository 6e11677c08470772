import { ArgumentError } from "../../base/errors";
import { checkIndices } from "../define/indices";
import { elementShader, runMap } from "../define/map";
import { stridesOf } from "../../base/shape";
import { copyCost } from "../define/cost";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const shader = elementShader("oneHot", {
  wgsl: "fn value(i: u32, index: i32, depth: u32) -> T {\n  return T(index == i32(i % depth));\n}",
  indexed: true,
  inputs: 1,
  words: 1,
  reference: (i, index, depth) => Number(index === i % depth),
});

const oneHotOp: Op<{ depth: number }> = {
  name: "oneHot",
  info: { description: "A row of zeros for each index, with 1 at that index.", source: "Keras one_hot" },
  infer([indices], { depth }) {
    checkIndices("oneHot", indices!.dtype);
    return { shape: [...indices!.shape, depth], dtype: "float32" };
  },
  cost: copyCost,
  run(call) {
    // An index is read for each position of its row.
    const strides = [[...stridesOf(call.inputs[0]!.shape), 0]];
    runMap(call, shader, { words: [call.attributes.depth], strides });
  },
};

/**
 * A row of zeros with a single 1 for each index.
 *
 * $y_{ij} = 1$ if $j = x_i$, else 0. int32 indices of any shape become `[...indices.shape, depth]`, float32. An index
 * out of range yields a row of zeros. No gradient flows through it. Source: Keras `one_hot`.
 * @throws DTypeError unless the tensor is int32.
 * @throws ArgumentError unless `depth` is a whole number >= 0.
 * @example
 * tensor([2, 0], { dtype: "int32" }).oneHot(3); // => [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(indices: Operand, depth: number): Tensor {
  if (!Number.isInteger(depth) || depth < 0)
    throw new ArgumentError({ at: "oneHot", expected: "a depth that is a whole number >= 0", got: String(depth) });
  return apply(oneHotOp, [indices], { depth });
}
oneHot.op = oneHotOp;
