import { normalizeAxes, reducedShape, sizeOf } from "../../base/shape";
import { costOf } from "../define/cost";
import type { Shader } from "../../device/backend";
import {
  type Fold,
  foldPairs,
  packReduce,
  readOffsets,
  type ReduceUniforms,
  reductionLayout,
  runEither,
} from "../define/reduce";
import { checkNotEmpty, type ReductionAttributes } from "../define/reduction";
import { spread } from "../define/sumTo";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

const reference: Shader<ReduceUniforms>["reference"] = ([input], result, uniforms) => {
  const { kept, reduced } = readOffsets(uniforms);
  const add = (a: number, b: number) => a + b;
  kept.forEach((base, i) => {
    const read = (k: number) => input![base + reduced[k]!]!;
    const greatest = foldPairs(read, 0, reduced.length, Math.max, -Infinity);
    const shift = Number.isFinite(greatest) ? greatest : 0;
    result[i] = shift + Math.log(foldPairs((k) => Math.exp(read(k) - shift), 0, reduced.length, add, 0));
  });
};

const shaders: Fold = {
  byWorkgroup: { name: "logSumExp", link: { file: "ops/log_sum_exp" }, pack: packReduce, reference },
  byInvocation: { name: "logSumExp of few", link: { file: "ops/log_sum_exp_short" }, pack: packReduce, reference },
};

const logSumExpOp: Op<ReductionAttributes> = {
  name: "logSumExp",
  info: {
    description: "The logarithm of the sum of exponentials along some axes, without overflow.",
    formula: "y = \\ln \\sum_i e^{x_i}",
    source: "PyTorch logsumexp",
  },
  infer([x], { axes, keepDims }) {
    checkNotEmpty("logSumExp", x!.shape, axes);
    return { shape: reducedShape(x!.shape, axes, keepDims), dtype: "float32" };
  },
  // Maximum, difference, exponential and sum of each value; logarithm and sum of each result.
  cost: (inputs, result) => costOf(inputs, result, 4 * sizeOf(inputs[0]!.shape) + 2 * sizeOf(result.shape)),
  run(call) {
    const input = call.inputs[0]!;
    const layout = reductionLayout(input.shape, call.attributes.axes);
    runEither(call, shaders, input, call.result, { ...layout, start: 0, float: true, parts: 1 });
  },
  expand([x], { axes, keepDims }) {
    const greatest = x!.max(axes, true);
    // Infinity minus infinity would be NaN.
    const shift = greatest.abs().less(Infinity).where(greatest, 0);
    const sum = x!.sub(shift).exp().sum(axes, true).log().add(shift);
    return keepDims ? sum : sum.reshape(reducedShape(x!.shape, axes, false));
  },
  gradient({ inputs, result, gradient, attributes: { axes } }) {
    const x = inputs[0]!;
    return [spread(gradient, x.shape, axes).mul(x.sub(spread(result, x.shape, axes)).exp())];
  },
};

/**
 * The logarithm of the sum of exponentials along some axes, all by default, without overflow.
 *
 * $y = \ln \sum_i e^{x_i}$, computed from the differences to the greatest value. `axis` is one axis or a list of axes,
 * and defaults to all of them; negative axes count from the end. The reduced axes are removed, or kept with length 1 if
 * `keepDims` is true (default false): `[2, 3]` along axis 1 becomes `[2]` or `[2, 1]`. The result is float32; int32 and
 * bool are converted first. Source: PyTorch `logsumexp`.
 * @throws ShapeError if the tensor lacks an axis, or an axis is repeated.
 * @throws ShapeError if an axis is empty.
 * @example
 * tensor([[0, 0], [1000, 1000]]).logSumExp(1); // => [0.6931, 1000.6931]
 */
export function logSumExp(x: Operand, axis?: number | readonly number[], keepDims = false): Tensor {
  const axes = normalizeAxes(axis, x.shape.length, "logSumExp");
  return withoutTemporaries(() => apply(logSumExpOp, [cast(x, "float32")], { axes, keepDims }));
}
logSumExp.op = logSumExpOp;
