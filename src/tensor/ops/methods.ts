/**
 * Makes every op a method of Tensor and Parameter, whose first argument is the tensor itself. `concat` and `stack`,
 * which take a list, remain functions.
 */
import { Operand } from "../tensor";
import * as ops from "./index";

const takesList = ["concat", "stack"] as const;

/** The ops without their first argument. */
type Methods<List> = {
  [Name in Exclude<keyof List, (typeof takesList)[number]>]: List[Name] extends (
    first: never,
    ...rest: infer Rest
  ) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

declare module "../tensor" {
  interface Operand extends Methods<typeof ops> {}
}

type Method = (first: Operand, ...rest: unknown[]) => unknown;

for (const [name, op] of Object.entries(ops) as [string, Method][]) {
  if (takesList.some((list) => list === name)) continue;
  Object.defineProperty(Operand.prototype, name, {
    value(this: Operand, ...rest: unknown[]) {
      return op(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
