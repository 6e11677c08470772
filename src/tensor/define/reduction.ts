/** Ops that fold the values along some axes into one. */
import type { DType } from "../../base/dtype";
import { ShapeError } from "../../base/errors";
import { formatShape, normalizeAxes, reducedShape, type Shape } from "../../base/shape";
import { inputCost } from "./cost";
import { cast } from "../ops/cast";
import { apply, type GradientCall, type Op, type OpCall } from "../graph";
import type { Operand, Tensor } from "../tensor";
import type { Applied } from "./elementwise";
import { type Fold, runFold } from "./reduce";
import { withoutTemporaries } from "./temporaries";

/** The axes of a reduction, as attributes of its op. */
export interface ReductionAttributes {
  axes: readonly number[];
  keepDims: boolean;
}

/** @param axis one axis or several, all by default; negative ones count from the end */
export type Reduction = Applied<(x: Operand, axis?: number | readonly number[], keepDims?: boolean) => Tensor>;

/** @throws ShapeError if there is no value along the axes. */
export function checkNotEmpty(at: string, shape: Shape, axes: readonly number[]): void {
  if (axes.every((axis) => shape[axis] !== 0)) return;
  throw new ShapeError({
    at,
    expected: "at least one value along the axes",
    got: `${formatShape(shape)} along [${axes.join(", ")}]`,
  });
}

export interface ReductionDefinition {
  name: string;
  info: Op["info"];
  /** "float": int32 and bool are cast to float32 first. "number": bool is cast to int32. */
  takes: "float" | "number";
  /** The fold, and its neutral element. */
  fold: Fold;
  start(dtype: DType): number;
  /** True if the reduction of no values is an error. */
  needsValues?(dtype: DType): boolean;
  /** Converts the folded values to the result: a mean divides them. */
  finish?(call: OpCall<ReductionAttributes>, folded: Tensor): void;
  gradient(call: GradientCall<ReductionAttributes> & { x: Tensor }): Tensor;
}

export function defineReduction({
  name,
  info,
  takes,
  fold,
  start,
  needsValues,
  finish,
  gradient,
}: ReductionDefinition): Reduction {
  const op: Op<ReductionAttributes> = {
    name,
    info,
    infer([x], { axes, keepDims }) {
      if (needsValues?.(x!.dtype)) checkNotEmpty(name, x!.shape, axes);
      return { shape: reducedShape(x!.shape, axes, keepDims), dtype: x!.dtype };
    },
    cost: inputCost,
    run(call) {
      const [input] = call.inputs as [Tensor];
      const { result } = call;
      const folded = finish ? call.scratch(result.shape, result.dtype) : result;
      runFold(call, fold, input, folded, call.attributes.axes, start(input.dtype));
      finish?.(call, folded);
    },
    gradient: (call) => [gradient({ ...call, x: call.inputs[0]! })],
  };
  const call = (x: Operand, axis?: number | readonly number[], keepDims = false) => {
    const dtype = takes === "float" ? "float32" : x.dtype === "bool" ? "int32" : x.dtype;
    const axes = normalizeAxes(axis, x.shape.length, name);
    return withoutTemporaries(() => apply(op, [cast(x, dtype)], { axes, keepDims }));
  };
  return Object.assign(call, { op });
}
