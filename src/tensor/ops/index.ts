/**
 * The list of ops. Each becomes a method of Tensor and Parameter whose first
 * argument is the tensor itself.
 */
import { Operand } from "../tensor";
import { add } from "./add";
import { broadcastTo } from "./broadcastTo";
import { cast } from "./cast";
import { greater } from "./greater";
import { mul } from "./mul";
import { relu } from "./relu";
import { reshape } from "./reshape";
import { sum } from "./sum";

export const ops = { add, broadcastTo, cast, greater, mul, relu, reshape, sum };

/** Each op without its first argument. */
type Methods<List> = {
  [Name in keyof List]: List[Name] extends (first: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
};

declare module "../tensor" {
  interface Operand extends Methods<typeof ops> {}
}

for (const [name, op] of Object.entries(ops) as [string, (first: Operand, ...rest: unknown[]) => unknown][]) {
  Object.defineProperty(Operand.prototype, name, {
    value(this: Operand, ...rest: unknown[]) {
      return op(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
