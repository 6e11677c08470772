import { copyCost, pickCost } from "../define/cost";
import { mapShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { topKIndices } from "./topKIndices";

// Words: values in a row of the source, and of the result.
const pick = mapShader(
  "topK-values",
  {
    element:
      "fn element(i: u32) -> T {\n  return input0[(i / uniforms.words.y) * uniforms.words.x + u32(input1[i])];\n}",
  },
  (_, i, { words: [length, k] }, [x, places]) => x![Math.floor(i / k!) * length! + places![i]!]!,
);

// Words as above: each element of the row receives the gradient of its copy in the result, if it has one.
const putBack = mapShader(
  "topK-gradient",
  {
    element: `fn element(i: u32) -> T {
  let row = (i / uniforms.words.x) * uniforms.words.y;
  for (var k = row; k < row + uniforms.words.y; k++) {
    if (u32(input1[k]) == i % uniforms.words.x) {
      return input0[k];
    }
  }
  return T(0);
}`,
  },
  (_, i, { words: [length, k] }, [gradient, places]) => {
    const row = Math.floor(i / length!) * k!;
    const found = places!.subarray(row, row + k!).indexOf(i % length!);
    return found < 0 ? 0 : gradient![row + found]!;
  },
);

function noStrides(inputs: readonly Tensor[], result: Tensor): number[][] {
  return inputs.map(() => result.shape.map(() => 0));
}

const putBackOp: Op<{ length: number }> = {
  name: "topKGradient",
  info: { description: "The gradient of topK." },
  infer: ([gradient], { length }) => ({ shape: [...gradient!.shape.slice(0, -1), length], dtype: gradient!.dtype }),
  cost: copyCost,
  run(call) {
    const { inputs, result, attributes } = call;
    const words = [attributes.length, inputs[0]!.shape.at(-1)!];
    runMap(call, putBack, { words, strides: noStrides(inputs, result) });
  },
};

const topKOp: Op<undefined> = {
  name: "topK",
  info: {
    description: "The greatest values along the last axis, in order, and their places.",
    source: "TensorFlow top_k",
  },
  infer: ([x, places]) => ({ shape: places!.shape, dtype: x!.dtype }),
  cost: pickCost,
  run(call) {
    const { inputs, result } = call;
    const words = [inputs[0]!.shape.at(-1)!, result.shape.at(-1)!];
    runMap(call, pick, { words, strides: noStrides(inputs, result) });
  },
  gradient: ({ inputs: [x, places], gradient }) => [
    apply(putBackOp, [gradient, places!], { length: x!.shape.at(-1)! }),
    undefined,
  ],
};

/**
 * The `k` greatest values along the last axis in descending order, with their indices.
 *
 * `[..., n]` becomes `values` and `indices` (int32), both `[..., k]`. `k` defaults to 1. Of equal values the one with
 * the lower index comes first, and NaN comes before every number. The gradient flows to the chosen values. Source:
 * TensorFlow `top_k`.
 * @throws ShapeError for a scalar, or unless `k` is a whole number from 0 to n.
 * @example
 * const { values, indices } = tensor([1, 9, 4, 7]).topK(2);
 * values; // => [9, 7]
 * indices; // => [1, 3]
 */
export function topK(
  x: Operand,
  k = 1,
): {
  /** The greatest values, `[..., k]`. */
  values: Tensor;
  /** Their indices along the last axis, int32 `[..., k]`. */
  indices: Tensor;
} {
  const indices = topKIndices(x, k);
  return { values: apply(topKOp, [x, indices], undefined), indices };
}
topK.op = topKOp;
