/** Suggests names for mistyped ones. */
import { didYouMean } from "../../base/nearest";
import { Block } from "../../nn/block/block";
import { Operand } from "../../tensor/tensor";

/** The names that a cell sees. */
export interface NameScope {
  visible(): Iterable<string>;
  /** The value of a visible name; undefined for any other. */
  valueOf(name: string): unknown;
}

const word = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
/** The messages of Chromium and Firefox. */
const noName = new RegExp(`^(${word}) is not defined$`, "u");
const noMethod = new RegExp(`^(.*)\\.(${word}) is not a function$`, "us");
const plainPath = new RegExp(`^${word}(?:\\.${word})*$`, "u");

/** Returns a hint for an error of the engine that a similar name would have avoided; undefined for any other. */
export function suggestionFor(error: unknown, scope: NameScope): string | undefined {
  try {
    if (error instanceof ReferenceError) return forName(noName.exec(error.message)?.[1], scope);
    const [, receiver, method] = (error instanceof TypeError && noMethod.exec(error.message)) || [];
    return receiver !== undefined && method !== undefined ? forMethod(receiver, method, scope) : undefined;
  } catch {
    // An object in scope threw when it was inspected: suggest nothing.
    return undefined;
  }
}

function forName(name: string | undefined, scope: NameScope): string | undefined {
  if (name === undefined) return undefined;
  if (methodsOf(Operand.prototype).includes(name)) return `Tensors have it as a method: \`x.${name}()\`.`;
  return didYouMean(name, scope.visible());
}

/**
 * Searches the methods of the value before the dot; if its type is unknown without running code, those of tensors and
 * blocks.
 */
function forMethod(receiver: string, method: string, scope: NameScope): string | undefined {
  const value = plainPath.test(receiver) ? valueAt(receiver.split("."), scope) : undefined;
  const methods =
    value === undefined ? [...methodsOf(Operand.prototype), ...methodsOf(Block.prototype)] : methodsOf(value);
  return didYouMean(method, methods);
}

/** Follows fields without running getters; undefined if that does not lead to a value. */
function valueAt([first, ...fields]: readonly string[], scope: NameScope): unknown {
  let value = scope.valueOf(first!);
  for (const field of fields) value = isObject(value) ? propertyOf(value, field)?.value : undefined;
  return value;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function propertyOf(value: object, key: string): PropertyDescriptor | undefined {
  for (const one of chainOf(value)) {
    const property = Object.getOwnPropertyDescriptor(one, key);
    if (property) return property;
  }
  return undefined;
}

/** An object and its prototypes, except for Object.prototype. */
function chainOf(value: object): object[] {
  const chain: object[] = [];
  for (let one: object | null = value; one && one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    chain.push(one);
  }
  return chain;
}

/** Enumerable getters count too: bundlers create namespaces such as `losses` that way. They are not run. */
function methodsOf(value: unknown): string[] {
  const names = chainOf(Object(value) as object).flatMap((one) =>
    Object.entries(Object.getOwnPropertyDescriptors(one)).filter(
      ([, property]) => typeof property.value === "function" || (property.get && property.enumerable),
    ),
  );
  return [...new Set(names.map(([name]) => name))].filter((name) => name !== "constructor");
}
