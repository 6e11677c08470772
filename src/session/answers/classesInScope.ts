import type { KindInfo } from "../../base/info";
import { Block } from "../../nn/block/block";
import type { ClassDescription } from "../../protocol/protocol";
import { maxClassText, maxParents } from "../../protocol/sizes";
import type { CellEvaluator } from "../cells/cellEvaluator";

type BlockClass = typeof Block & { info?: KindInfo };

function isBlockClass(value: unknown): value is BlockClass {
  return typeof value === "function" && value.prototype instanceof Block;
}

/** Returns a class and its ancestors, up to the first one that belongs to the library. */
function chainOf(own: BlockClass): BlockClass[] {
  const chain: BlockClass[] = [];
  for (let one: unknown = own; isBlockClass(one) && !Object.hasOwn(one, "info"); one = Object.getPrototypeOf(one)) {
    chain.push(one);
  }
  return chain.slice(0, maxParents);
}

/** Returns the block classes among the names in scope, in declaration order. Built-in ones are kinds already. */
export function classesIn(evaluator: CellEvaluator): ClassDescription[] {
  return evaluator.names().flatMap((variable) => {
    const value = evaluator.get(variable);
    const chain = isBlockClass(value) ? chainOf(value) : [];
    // Not `String(one)`: a class may define its own `toString`.
    const texts = chain.map((one) => Function.prototype.toString.call(one).slice(0, maxClassText));
    return texts.length > 0 ? [{ variable, texts }] : [];
  });
}
