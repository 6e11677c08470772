import { ArgumentError } from "../../base/errors";
import { checkIndices } from "../define/indices";
import { mapShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const shader = mapShader(
  "oneHot",
  { element: "fn element(i: u32) -> T {\n  return T(input0[i / uniforms.words.x] == i32(i % uniforms.words.x));\n}" },
  (_, i, { words: [depth] }, [indices]) => Number(indices![Math.floor(i / depth!)] === i % depth!),
);

const oneHotOp: Op<{ depth: number }> = {
  name: "oneHot",
  info: { description: "For each index a row of zeros with 1 at that place.", source: "Keras one_hot" },
  infer([indices], { depth }) {
    checkIndices("oneHot", indices!.dtype);
    return { shape: [...indices!.shape, depth], dtype: "float32" };
  },
  run(call) {
    runMap(call, shader, { words: [call.attributes.depth], strides: [call.result.shape.map(() => 0)] });
  },
};

/**
 * `[...indices.shape, depth]` of zeros, with 1 where the last axis is the index
 * (int32). An index out of range gives a row of zeros.
 * @throws DTypeError unless the indices are int32. @throws ArgumentError unless depth is a whole number >= 0.
 */
export function oneHot(indices: Operand, depth: number): Tensor {
  if (!Number.isInteger(depth) || depth < 0)
    throw new ArgumentError({ at: "oneHot", expected: "a depth that is a whole number >= 0", got: String(depth) });
  return apply(oneHotOp, [indices], { depth });
}
oneHot.op = oneHotOp;
