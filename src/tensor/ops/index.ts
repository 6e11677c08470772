/**
 * The list of ops. Each becomes a method of Tensor and Parameter whose first
 * argument is the tensor itself; `concat` and `stack`, which take a list, stay
 * functions.
 */
import { Operand } from "../tensor";
import { abs } from "./abs";
import { add } from "./add";
import { argmax } from "./argmax";
import { argmin } from "./argmin";
import { broadcastTo } from "./broadcastTo";
import { cast } from "./cast";
import { ceil } from "./ceil";
import { clip } from "./clip";
import { concat } from "./concat";
import { div } from "./div";
import { equal } from "./equal";
import { exp } from "./exp";
import { floor } from "./floor";
import { gather } from "./gather";
import { greater } from "./greater";
import { greaterEqual } from "./greaterEqual";
import { less } from "./less";
import { lessEqual } from "./lessEqual";
import { log } from "./log";
import { logicalAnd } from "./logicalAnd";
import { logicalNot } from "./logicalNot";
import { logicalOr } from "./logicalOr";
import { logSoftmax } from "./logSoftmax";
import { logSumExp } from "./logSumExp";
import { matmul } from "./matmul";
import { max } from "./max";
import { maximum } from "./maximum";
import { mean } from "./mean";
import { min } from "./min";
import { minimum } from "./minimum";
import { mul } from "./mul";
import { neg } from "./neg";
import { notEqual } from "./notEqual";
import { oneHot } from "./oneHot";
import { pad } from "./pad";
import { pow } from "./pow";
import { prod } from "./prod";
import { reciprocal } from "./reciprocal";
import { relu } from "./relu";
import { reshape } from "./reshape";
import { round } from "./round";
import { scatterAdd } from "./scatterAdd";
import { sigmoid } from "./sigmoid";
import { sign } from "./sign";
import { slice } from "./slice";
import { softmax } from "./softmax";
import { softplus } from "./softplus";
import { sqrt } from "./sqrt";
import { square } from "./square";
import { stack } from "./stack";
import { stopGradient } from "./stopGradient";
import { sub } from "./sub";
import { sum } from "./sum";
import { tanh } from "./tanh";
import { transpose } from "./transpose";
import { variance } from "./variance";
import { where } from "./where";

/** Ops whose first argument is a tensor. */
const methods = {
  abs,
  add,
  argmax,
  argmin,
  broadcastTo,
  cast,
  ceil,
  clip,
  div,
  equal,
  exp,
  floor,
  gather,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  logicalAnd,
  logicalNot,
  logicalOr,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  notEqual,
  oneHot,
  pad,
  pow,
  prod,
  reciprocal,
  relu,
  reshape,
  round,
  scatterAdd,
  sigmoid,
  sign,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
  transpose,
  variance,
  where,
};

export const ops = { ...methods, concat, stack };

/** Each op without its first argument. */
type Methods<List> = {
  [Name in keyof List]: List[Name] extends (first: never, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

declare module "../tensor" {
  interface Operand extends Methods<typeof methods> {}
}

for (const [name, op] of Object.entries(methods) as [string, (first: Operand, ...rest: unknown[]) => unknown][]) {
  Object.defineProperty(Operand.prototype, name, {
    value(this: Operand, ...rest: unknown[]) {
      return op(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
