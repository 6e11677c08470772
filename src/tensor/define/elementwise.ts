/** Ops that compute each element of the result from the elements at its place. */
import type { DType } from "../../base/dtype";
import { DTypeError } from "../../base/errors";
import { broadcastShapes } from "../../base/shape";
import { apply, type GradientCall, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { alignOperands, type OperandLike } from "./operands";
import { mapShader, runMap } from "./map";
import { cast } from "../ops/cast";
import { sumTo } from "./sumTo";

/** A function on tensors together with the op that it applies. */
export type Applied<F> = F & { readonly op: Op<never> };

export type Unary = Applied<(x: Operand) => Tensor>;
export type Binary = Applied<(a: OperandLike, b: OperandLike) => Tensor>;

type Info = Op["info"];

export interface UnaryDefinition {
  name: string;
  info: Info;
  /** Function files that `shaders/functions/NAME.wgsl` calls, before it. */
  functions?: readonly string[];
  /** "float": int32 and bool are cast to float32 first. "number": bool is cast to int32. */
  takes: "float" | "number";
  reference(x: number): number;
  gradient?(call: GradientCall<undefined> & { x: Tensor }): Tensor;
}

/** An op of one tensor whose WGSL is the function `NAME` in `shaders/functions/NAME.wgsl`. */
export function defineUnary({ name, info, functions = [], takes, reference, gradient }: UnaryDefinition): Unary {
  const shader = mapShader(
    name,
    { functions: [...functions, name], element: `fn element(i: u32) -> T {\n  return ${name}(input0[source(i, 0u)]);\n}` },
    ([x]) => reference(x!),
  );
  const op: Op<undefined> = {
    name,
    info,
    infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
    run: (call) => runMap(call, shader),
    gradient: gradient && ((call) => [gradient({ ...call, x: call.inputs[0]! })]),
  };
  const to: (dtype: DType) => DType = (dtype) => (takes === "float" ? "float32" : dtype === "bool" ? "int32" : dtype);
  return Object.assign((x: Operand) => apply(op, [cast(x, to(x.dtype))], undefined), { op: op as Op<never> });
}

export interface BinaryDefinition {
  name: string;
  info: Info;
  functions?: readonly string[];
  /** "float": computes in float32 whatever comes in. "number": bool counts as int32. */
  takes: "float" | "number";
  reference(a: number, b: number): number;
  /** For int32, where it differs from `reference` with the result wrapped. */
  integerReference?(a: number, b: number): number;
  /** Gradients before broadcasting is undone. */
  gradient?(call: GradientCall<undefined> & { a: Tensor; b: Tensor }): [Tensor | undefined, Tensor | undefined];
}

/** An op of two tensors with NumPy's broadcasting, whose WGSL is `NAME` in `shaders/functions/NAME.wgsl`. */
export function defineBinary(definition: BinaryDefinition): Binary {
  const { name, info, functions = [], takes, reference, integerReference = reference, gradient } = definition;
  const element = `fn element(i: u32) -> T {\n  return ${name}(input0[source(i, 0u)], input1[source(i, 1u)]);\n}`;
  const link = { functions: [...functions, name], element };
  const shaders: Partial<Record<DType, ReturnType<typeof mapShader>>> = {
    float32: mapShader(name, link, ([a, b]) => reference(a!, b!)),
    int32: mapShader(name, link, ([a, b]) => integerReference(a!, b!)),
  };
  const op: Op<undefined> = {
    name,
    info,
    infer: ([a, b]) => ({ shape: broadcastShapes(a!.shape, b!.shape, name), dtype: a!.dtype }),
    run: (call) => runMap(call, shaders[call.result.dtype]!),
    gradient: gradient && ((call) => undoBroadcast(call, gradient)),
  };
  const call = (a: OperandLike, b: OperandLike) => {
    const operands = alignOperands(name, [a, b]);
    const dtype = takes === "float" ? "float32" : operands[0]!.dtype === "bool" ? "int32" : operands[0]!.dtype;
    return apply(op, operands.map((x) => cast(x, dtype)), undefined);
  };
  return Object.assign(call, { op: op as Op<never> });
}

function undoBroadcast(call: GradientCall<undefined>, gradient: NonNullable<BinaryDefinition["gradient"]>): (Tensor | undefined)[] {
  const [a, b] = call.inputs as [Tensor, Tensor];
  return gradient({ ...call, a, b }).map((part, index) => part && sumTo(part, call.inputs[index]!.shape));
}

export interface ComparisonDefinition {
  name: string;
  info: Info;
  /** The WGSL expression of `a` and `b`, of type bool. */
  expression: string;
  functions?: readonly string[];
  reference(a: number, b: number): boolean;
}

/** An op of two tensors with broadcasting whose result is bool. */
export function defineComparison({ name, info, expression, functions = [], reference }: ComparisonDefinition): Binary {
  const element = `fn element(i: u32) -> i32 {
  let a = input0[source(i, 0u)];
  let b = input1[source(i, 1u)];
  return i32(${expression});
}`;
  const shader = mapShader(name, { functions, element }, ([a, b]) => Number(reference(a!, b!)));
  const op: Op<undefined> = {
    name,
    info,
    infer: ([a, b]) => ({ shape: broadcastShapes(a!.shape, b!.shape, name), dtype: "bool" }),
    run: (call) => runMap(call, shader),
  };
  const call = (a: OperandLike, b: OperandLike) => apply(op, alignOperands(name, [a, b]), undefined);
  return Object.assign(call, { op: op as Op<never> });
}

/** @throws DTypeError unless the dtype is among those an op takes. */
export function checkDType(op: string, dtype: DType, allowed: readonly DType[], remedy?: string): void {
  if (!allowed.includes(dtype)) throw new DTypeError({ at: op, expected: allowed.join(" or "), got: dtype, remedy });
}
