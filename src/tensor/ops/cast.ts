import type { DType } from "../../base/dtype";
import { copyCost } from "../define/cost";
import { elementShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

function castShader(name: string, body: string, reference: (x: number) => number) {
  return elementShader(name, { wgsl: `fn value(x: S) -> T {\n  return ${body};\n}`, inputs: 1, reference });
}

const toFloat = castShader("cast-float32", "T(x)", (x) => x);
const toInt = castShader("cast-int32", "truncate(x)", truncate);
const toBool = castShader("cast-bool", "T(bool(x))", (x) => (x === 0 ? 0 : 1));
const relabel = castShader("cast-relabel", "x", (x) => x);

/** Truncates toward zero and clamps to int32; NaN becomes 0. */
function truncate(x: number): number {
  return Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));
}

const castOp: Op<{ dtype: DType }> = {
  name: "cast",
  info: {
    description: "The same values in another dtype: to int32 toward zero, to bool by x != 0.",
    source: "NumPy astype",
  },
  infer: ([x], { dtype }) => ({ shape: x!.shape, dtype }),
  cost: copyCost,
  run(call) {
    const from = call.inputs[0]!.dtype;
    const to = call.result.dtype;
    if (to === "float32") runMap(call, toFloat);
    else if (to === "bool") runMap(call, toBool);
    else runMap(call, from === "float32" ? toInt : relabel);
  },
  gradient: ({ gradient }) => [gradient],
};

/**
 * The same values in another dtype.
 *
 * To float32: int32 is rounded to 24 bits, bool becomes 0 and 1. To int32: rounded toward zero and clamped to the range
 * of int32; NaN becomes 0. To bool: true unless 0, so NaN becomes true. A tensor that has the dtype already is returned
 * itself. The gradient passes unchanged to a float32 tensor. Source: NumPy `astype`.
 * @example
 * tensor([-1.7, 0, 2.9]).cast("int32"); // => [-1, 0, 2]
 * tensor([-1.7, 0, 2.9]).cast("bool"); // => [1, 0, 1]
 */
export function cast(x: Operand, dtype: DType): Tensor {
  return x.dtype === dtype ? x.asTensor() : apply(castOp, [x], { dtype });
}
cast.op = castOp;
