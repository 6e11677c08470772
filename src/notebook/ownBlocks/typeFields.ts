/** Derives fields from constructor parameters, as far as their types and defaults allow. */
import type { SyntaxNode } from "@lezer/common";
import type { FieldInfo } from "../../base/info";
import { syntaxChildren, readString } from "../composition/compositionSyntax";
import { readLiteral } from "../composition/compositionValues";

/** Declaration of a parameter. */
export interface Declared {
  name: string;
  /** The type without the colon. */
  type: SyntaxNode | null;
  /** The expression after `=`. */
  value: SyntaxNode | null;
  /** True for `name?`. */
  optional: boolean;
}

type FieldType = Pick<FieldInfo, "type" | "options" | "start">;

/** Returns the field of a parameter. Its title is its name in the code. */
export function fieldOf({ name, type, value, optional }: Declared, source: string): FieldInfo {
  const literal = value ? readLiteral(value, source) : undefined;
  const named = { name, title: { en: name, zh: name } };
  const text = value && source.slice(value.from, value.to);
  const initializer = text && /^initializers\s*\.\s*([\w$]+)\s*\(\s*\)$/.exec(text)?.[1];
  if (initializer) return { ...named, type: "initializer", default: initializer, start: text };
  const { start, ...known } = typeOf(type, source) ?? typeOfLiteral(literal);
  if (value && !fits(known, literal)) return { ...named, type: "expression", default: text, start: text! };
  if (value) return { ...named, ...known, default: literal };
  // The argument is omitted, or `undefined` before a later argument; the code of the class then determines the value.
  if (optional) return { ...named, ...known, default: null, start: "undefined" };
  return { ...named, ...known, ...(start !== undefined && { start }) };
}

/** True if the editor for this type of field can show `value`, the default. */
function fits({ type, options }: FieldType, value: unknown): boolean {
  if (options) return typeof value === "string" && options.includes(value);
  if (type === "expression" || type === "initializer") return false;
  if (type === "numbers") return Array.isArray(value) && value.every((item) => typeof item === "number");
  if (type === "shape") return Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 0);
  return typeof value === type;
}

function typeOfLiteral(value: unknown): FieldType {
  if (value === undefined) return { type: "expression", start: "8" };
  if (typeof value === "boolean") return { type: "boolean" };
  if (typeof value === "string") return { type: "string" };
  return { type: typeof value === "number" ? "number" : "expression" };
}

/**
 * Field types by TypeScript type. `start` is the argument in a new block: a plausible width for a number, otherwise
 * code that runs.
 */
const namedTypes: Record<string, FieldType> = {
  number: { type: "number", start: "8" },
  boolean: { type: "boolean" },
  string: { type: "string" },
  Shape: { type: "shape" },
  "number[]": { type: "numbers" },
  Initializer: { type: "initializer", start: "initializers.glorotUniform()" },
  Block: { type: "expression", start: "dense(8)" },
  Tensor: { type: "expression", start: "zeros([1])" },
};

/** Returns null if there is no type. */
function typeOf(type: SyntaxNode | null, source: string): FieldType | null {
  if (!type) return null;
  const text = source.slice(type.from, type.to);
  if (Object.hasOwn(namedTypes, text)) return namedTypes[text]!;
  if (type.name === "UnionType") return typeOfUnion(type, source);
  if (type.name === "ArrayType") return { type: "expression", start: "[]" };
  if (type.name === "FunctionSignature") return { type: "expression", start: "(x) => x" };
  return { type: "expression", start: "undefined" };
}

/**
 * Returns a field with options for a union of strings, otherwise the field of the only member besides null and
 * undefined.
 */
function typeOfUnion(union: SyntaxNode, source: string): FieldType {
  const members = membersOf(union).filter((member) => !/^(null|undefined)$/.test(source.slice(member.from, member.to)));
  const texts = members.map((member) => {
    const inner = member.name === "LiteralType" ? member.firstChild : null;
    return inner?.name === "String" ? readString(source.slice(inner.from, inner.to)) : null;
  });
  if (texts.every((text) => text !== null)) {
    return { type: "string", options: texts, start: JSON.stringify(texts[0] ?? "") };
  }
  const only = members.length === 1 ? typeOf(members[0]!, source) : null;
  return only ?? { type: "expression", start: "undefined" };
}

function membersOf(type: SyntaxNode): SyntaxNode[] {
  if (type.name !== "UnionType") return [type];
  return syntaxChildren(type)
    .filter(({ name }) => name !== "LogicOp")
    .flatMap(membersOf);
}

/** True for `Block[]`, `readonly Block[]` and `Array<Block>`. */
export function isBlockList(type: SyntaxNode | null, source: string): boolean {
  const text = type ? source.slice(type.from, type.to).replace(/\s+/g, "") : "";
  return /^(readonly)?Block\[\]$|^(Readonly)?Array<Block>$/.test(text);
}
