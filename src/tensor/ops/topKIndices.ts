import { ShapeError } from "../../base/errors";
import { formatShape, sizeOf } from "../../base/shape";
import { costOf } from "../define/cost";
import type { Shader } from "../../device/backend";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

interface TopKUniforms {
  rows: number;
  length: number;
  count: number;
}

/** Orders values descending, NaN first; ties are resolved by the caller. */
function order(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a === b ? 0 : b - a > 0 ? 1 : -1;
}

function topKShader(name: string, element?: string): Shader<TopKUniforms> {
  return {
    name,
    link: { file: "ops/top_k", element },
    pack: ({ rows, length, count }) => Uint32Array.of(rows, length, count),
    reference([input], result, { rows, length, count }) {
      for (let row = 0; row < rows; row++) {
        const values = input!.subarray(row * length, (row + 1) * length);
        const places = Int32Array.from(values, (_, index) => index);
        places.sort((a, b) => order(values[a]!, values[b]!) || a - b);
        result.set(places.subarray(0, count), row * count);
      }
    },
  };
}

const forWhole = topKShader("topK-int32");
// Maps floats to unsigned words in the same order; both zeros map to one word.
const forFloat = topKShader(
  "topK",
  `fn element(x: f32) -> u32 {
  if (is_nan(x)) {
    return 0xffffffffu;
  }
  let bits = select(bitcast<u32>(x), 0u, x == 0.0);
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}`,
);

const topKIndicesOp: Op<{ k: number }> = {
  name: "topKIndices",
  info: { description: "The places of the greatest values along the last axis.", source: "TensorFlow top_k" },
  infer: ([x], { k }) => ({ shape: [...x!.shape.slice(0, -1), k], dtype: "int32" }),
  cost: (inputs, result, { k }) => costOf(inputs, result, k * sizeOf(inputs[0]!.shape)),
  run({ inputs, result, attributes: { k: count }, run }) {
    const x = inputs[0]!;
    const length = x.shape.at(-1)!;
    if (count === 0) return;
    const rows = result.size / count;
    run(x.dtype === "float32" ? forFloat : forWhole, inputs, result, { rows, length, count }, rows);
  },
};

/**
 * The indices of the `k` greatest values along the last axis, in descending order of the values.
 *
 * `[..., n]` becomes `[..., k]`, int32. `k` defaults to 1. Of equal values the one with the lower index comes first,
 * and NaN comes before every number. No gradient flows through it. Source: TensorFlow `top_k`.
 * @throws ShapeError for a scalar, or unless `k` is a whole number from 0 to n.
 * @example
 * tensor([[1, 9, 4], [7, 7, 0]]).topKIndices(2); // => [[1, 2], [0, 1]]
 */
export function topKIndices(x: Operand, k = 1): Tensor {
  const length = x.shape.at(-1);
  if (length === undefined || !Number.isInteger(k) || k < 0 || k > length) {
    const expected = length === undefined ? "a tensor of rank 1 at least" : `k from 0 to ${length}`;
    throw new ShapeError({ at: "topK", expected, got: length === undefined ? formatShape(x.shape) : String(k) });
  }
  return withoutTemporaries(() => apply(topKIndicesOp, [x.dtype === "bool" ? cast(x, "int32") : x.asTensor()], { k }));
}
topKIndices.op = topKIndicesOp;
