/** Ops that find the index of a chosen value along an axis. */
import { normalizeAxis, reducedShape } from "../../base/shape";
import { inputCost } from "./cost";
import type { Shader } from "../../device/backend";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import type { Applied } from "./elementwise";
import { type Fold, packReduce, readOffsets, type ReduceUniforms, reductionLayout, runEither } from "./reduce";
import { checkNotEmpty, type ReductionAttributes } from "./reduction";

/** @param axis one axis; if omitted, the tensor is flattened */
export type ArgReduction = Applied<(x: Operand, axis?: number, keepDims?: boolean) => Tensor>;

function argShader(
  name: string,
  type: "f32" | "i32",
  condition: string,
  precedes: (a: number, b: number) => boolean,
): Fold {
  const element = `fn element(a: ${type}, b: ${type}) -> bool {\n  return ${condition};\n}`;
  const reference: Shader<ReduceUniforms>["reference"] = ([input], result, uniforms) => {
    const { kept, reduced } = readOffsets(uniforms);
    kept.forEach((base, i) => {
      let chosen = 0;
      for (let k = 1; k < reduced.length; k++) {
        const a = input![base + reduced[chosen]!]!;
        if (precedes(a, input![base + reduced[k]!]!)) chosen = k;
      }
      result[i] = chosen;
    });
  };
  const shader = (file: string): Shader<ReduceUniforms> => ({
    name: `${name} by ${file}`,
    link: { file, element },
    pack: packReduce,
    reference,
  });
  return { byWorkgroup: shader("drivers/arg_reduce"), byInvocation: shader("drivers/arg_fold") };
}

/**
 * Defines an op that returns the index of the value that precedes all others.
 * @param sign the WGSL comparison by which `b` is chosen over `a`: `b > a` or `b < a`
 * @param better the same in plain numbers; NaN is chosen over every number
 */
export function defineArgReduction(
  name: string,
  info: Op["info"],
  sign: ">" | "<",
  better: (b: number, a: number) => boolean,
): ArgReduction {
  const precedes = (a: number, b: number) => (Number.isNaN(a) ? false : Number.isNaN(b) || better(b, a));
  const forFloat = argShader(name, "f32", `!is_nan(a) && (is_nan(b) || b ${sign} a)`, precedes);
  const forWhole = argShader(name, "i32", `b ${sign} a`, precedes);
  const op: Op<ReductionAttributes> = {
    name,
    info,
    infer([x], { axes, keepDims }) {
      checkNotEmpty(name, x!.shape, axes);
      return { shape: reducedShape(x!.shape, axes, keepDims), dtype: "int32" };
    },
    cost: inputCost,
    run(call) {
      const input = call.inputs[0]!;
      const uniforms = { ...reductionLayout(input.shape, call.attributes.axes), start: 0, float: false, parts: 1 };
      runEither(call, input.dtype === "float32" ? forFloat : forWhole, input, call.result, uniforms);
    },
  };
  const call = (x: Operand, axis?: number, keepDims = false) => {
    const { length } = x.shape;
    const axes = axis === undefined ? Array.from({ length }, (_, index) => index) : [normalizeAxis(axis, length, name)];
    return apply(op, [x], { axes, keepDims });
  };
  return Object.assign(call, { op });
}
