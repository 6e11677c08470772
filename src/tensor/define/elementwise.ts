/** Ops that compute each element of the result from the input elements at its position. */
import type { DType } from "../../base/dtype";
import { DTypeError } from "../../base/errors";
import { broadcastShapes } from "../../base/shape";
import { elementCost } from "./cost";
import { apply, type GradientCall, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { alignOperands, type OperandLike } from "./operands";
import { elementShader, runMap } from "./map";
import { cast } from "../ops/cast";
import { sumTo } from "./sumTo";
import { withoutTemporaries } from "./temporaries";

/** A function of tensors with its description. */
export type Applied<F> = F & { readonly op: Pick<Op, "name" | "info"> };

export type Unary = Applied<(x: Operand) => Tensor>;
export type Binary = Applied<(a: OperandLike, b: OperandLike) => Tensor>;

type Info = Op["info"];

/** Returns the dtype that an op computes in: "float" supports only float32, "number" also int32. */
function computedDType(takes: "float" | "number", dtype: DType): DType {
  if (takes === "float") return "float32";
  return dtype === "bool" ? "int32" : dtype;
}

export interface UnaryDefinition {
  name: string;
  info: Info;
  /** The function in `shaders/functions/`, by default of the op's name. Names that WGSL has itself need another. */
  function?: string;
  /** "float": int32 and bool are cast to float32 first. "number": bool is cast to int32. */
  takes: "float" | "number";
  reference(x: number): number;
  /** For int32, if it differs from `reference` with the result wrapped. */
  integerReference?(x: number): number;
  gradient?(call: GradientCall<undefined> & { x: Tensor }): Tensor;
}

/** Defines an op of one tensor. */
export function defineUnary(definition: UnaryDefinition): Unary {
  const { name, info, function: called = name, takes, reference, integerReference = reference, gradient } = definition;
  const wgsl = `fn value(x: T) -> T {\n  return ${called}(x);\n}`;
  const forFloat = elementShader(name, { wgsl, inputs: 1, reference });
  const forWhole = elementShader(name, { wgsl, inputs: 1, reference: integerReference });
  const op: Op<undefined> = {
    name,
    info,
    infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
    cost: elementCost,
    run: (call) => runMap(call, call.result.dtype === "float32" ? forFloat : forWhole),
    gradient: gradient && ((call) => [gradient({ ...call, x: call.inputs[0]! })]),
  };
  const call = (x: Operand) => withoutTemporaries(() => apply(op, [cast(x, computedDType(takes, x.dtype))], undefined));
  return Object.assign(call, { op });
}

export interface BinaryDefinition {
  name: string;
  info: Info;
  /** The function in `shaders/functions/`, by default of the op's name. */
  function?: string;
  /** The function for int32, if it differs. */
  integerFunction?: string;
  /** "float": always computes in float32. "number": bool counts as int32. */
  takes: "float" | "number";
  reference(a: number, b: number): number;
  /** For int32, if it differs from `reference` with the result wrapped. */
  integerReference?(a: number, b: number): number;
  /** Gradients before broadcasting is undone. */
  gradient?(call: GradientCall<undefined> & { a: Tensor; b: Tensor }): [Tensor | undefined, Tensor | undefined];
}

/** Defines an op of two tensors with NumPy's broadcasting. */
export function defineBinary(definition: BinaryDefinition): Binary {
  const { name, info, takes, reference, integerReference = reference, gradient } = definition;
  const { function: called = name, integerFunction = called } = definition;
  const wgsl = (callee: string) => `fn value(a: T, b: T) -> T {\n  return ${callee}(a, b);\n}`;
  const forFloat = elementShader(name, { wgsl: wgsl(called), inputs: 2, reference });
  const forWhole = elementShader(name, { wgsl: wgsl(integerFunction), inputs: 2, reference: integerReference });
  const op: Op<undefined> = {
    name,
    info,
    infer: ([a, b]) => ({ shape: broadcastShapes(a!.shape, b!.shape, name), dtype: a!.dtype }),
    cost: elementCost,
    run: (call) => runMap(call, call.result.dtype === "float32" ? forFloat : forWhole),
    gradient: gradient && ((call) => undoBroadcast(call, gradient)),
  };
  const call = (a: OperandLike, b: OperandLike) =>
    withoutTemporaries(() => {
      const operands = alignOperands(name, [a, b]);
      const dtype = computedDType(takes, operands[0]!.dtype);
      const inputs = operands.map((x) => cast(x, dtype));
      return apply(op, inputs, undefined);
    });
  return Object.assign(call, { op });
}

function undoBroadcast(
  call: GradientCall<undefined>,
  gradient: NonNullable<BinaryDefinition["gradient"]>,
): (Tensor | undefined)[] {
  const [a, b] = call.inputs as [Tensor, Tensor];
  return gradient({ ...call, a, b }).map((part, index) => part && sumTo(part, call.inputs[index]!.shape));
}

export interface ComparisonDefinition {
  name: string;
  info: Info;
  /** A WGSL expression in `a` and `b`, of type bool. */
  expression: string;
  reference(a: number, b: number): boolean;
}

/** Defines an op of two tensors with broadcasting whose result is bool. */
export function defineComparison({ name, info, expression, reference }: ComparisonDefinition): Binary {
  const wgsl = `fn value(a: S, b: S) -> T {\n  return T(${expression});\n}`;
  const shader = elementShader(name, { wgsl, inputs: 2, reference: (a, b) => Number(reference(a, b)) });
  const op: Op<undefined> = {
    name,
    info,
    infer: ([a, b]) => ({ shape: broadcastShapes(a!.shape, b!.shape, name), dtype: "bool" }),
    cost: elementCost,
    run: (call) => runMap(call, shader),
  };
  const call = (a: OperandLike, b: OperandLike) =>
    withoutTemporaries(() => apply(op, alignOperands(name, [a, b]), undefined));
  return Object.assign(call, { op });
}

/** @throws DTypeError unless the op supports the dtype. */
export function checkDType(op: string, dtype: DType, allowed: readonly DType[], remedy?: string): void {
  if (!allowed.includes(dtype)) throw new DTypeError({ at: op, expected: allowed.join(" or "), got: dtype, remedy });
}
