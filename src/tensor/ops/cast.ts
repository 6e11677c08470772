import type { DType } from "../../base/dtype";
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

/** Toward zero, held within int32; NaN gives 0. */
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
 * The same values as `dtype`: to int32 truncated toward zero and held within its
 * range (NaN gives 0), to bool true where not 0. To its own dtype: the tensor itself.
 */
export function cast(x: Operand, dtype: DType): Tensor {
  return x.dtype === dtype ? x.asTensor() : apply(castOp, [x], { dtype });
}
cast.op = castOp;
