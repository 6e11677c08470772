/** Field values, read from the source and printed into it. */
import type { SyntaxNode } from "@lezer/common";
import type { FieldInfo, Json, KindInfo } from "../../base/info";
import { callSyntaxOf, type List, listOf, propertiesOf, readString } from "./compositionSyntax";
import { type FieldValue, type FieldValues, kindInfoOf, type Kinds } from "./compositionTree";

/** Arguments of a call by field, and for a container its list of blocks, or its only block. */
export interface CallFields {
  fields: FieldValues;
  blocks: SyntaxNode | null;
}

/** Returns the list or the block in the first argument of a container; null for code that creates them otherwise. */
function blocksIn(argument: SyntaxNode, children: KindInfo["children"]): SyntaxNode | null {
  if (children === "list") return argument.name === "ArrayExpression" && listOf(argument) ? argument : null;
  if (children === "one") return argument;
  const body = argument.name === "ArrowFunction" ? argument.lastChild : null;
  return body && body.name !== "Block" ? body : null;
}

export function positionalFields(info: KindInfo): FieldInfo[] {
  return info.fields.filter((field) => field.positional);
}

/**
 * Returns the options object at the end of a call. A class of the notebook may have no options; an object is then an
 * ordinary argument.
 */
export function optionFields(info: KindInfo, list: List): SyntaxNode | null {
  const last = list.items.at(-1)?.syntax;
  const takesOptions = !info.constructed || info.fields.some((field) => !field.positional);
  return takesOptions && last?.name === "ObjectExpression" ? last : null;
}

/**
 * Reads the arguments of a call. Returns null for arguments that no composition has: a spread, a hole, a computed list
 * of blocks.
 */
export function readCall(info: KindInfo, args: SyntaxNode, source: string, kinds: Kinds): CallFields | null {
  const list = listOf(args);
  if (list && info.spread) return { fields: {}, blocks: args };
  if (!list || list.items.some((item) => item.spread)) return null;
  const nodes = list.items.map((item) => item.syntax);
  const options = optionFields(info, list);
  if (options) nodes.pop();
  const first = info.children ? nodes.shift() : undefined;
  const blocks = first ? blocksIn(first, info.children) : null;
  if (first && !blocks) return null;
  const positional = positionalFields(info);
  const properties = options ? propertiesOf(options, source) : [];
  if (!properties || nodes.length > positional.length) return null;
  const fields: FieldValues = {};
  nodes.forEach((node, index) => (fields[positional[index]!.name] = readValue(node, source, kinds)));
  for (const { key, value } of properties) {
    if (key in fields) return null;
    fields[key] = value ? readValue(value, source, kinds) : { type: "code", text: key };
  }
  return { fields, blocks };
}

export function readValue(syntax: SyntaxNode, source: string, kinds: Kinds): FieldValue {
  const value = readLiteral(syntax, source);
  if (value !== undefined) return { type: "literal", value };
  return readInitializer(syntax, source, kinds) ?? { type: "code", text: source.slice(syntax.from, syntax.to) };
}

function readInitializer(syntax: SyntaxNode, source: string, kinds: Kinds): FieldValue | null {
  const call = callSyntaxOf(syntax);
  const name =
    call &&
    !call.constructs &&
    /^initializers\s*\.\s*([\w$]+)$/.exec(source.slice(call.callee.from, call.callee.to))?.[1];
  const info = name ? kindInfoOf(kinds.initializers, name) : undefined;
  const read = info && readCall(info, call!.args, source, kinds);
  return read ? { type: "call", kind: info.kind, fields: read.fields } : null;
}

/** Returns the value of a literal; undefined for anything else. */
export function readLiteral(syntax: SyntaxNode, source: string): Json | undefined {
  const text = source.slice(syntax.from, syntax.to);
  switch (syntax.name) {
    case "Number":
      return readNumber(text);
    case "UnaryExpression":
      return syntax.lastChild?.name === "Number" && /^[-+]/.test(text) ? readSigned(text) : undefined;
    case "String":
      return readString(text) ?? undefined;
    case "BooleanLiteral":
      return text === "true";
    case "null":
      return null;
    case "ArrayExpression":
      return readArray(syntax, source);
    case "ObjectExpression":
      return readObject(syntax, source);
    default:
      return undefined;
  }
}

/** Returns undefined for a BigInt, a legacy octal and a number out of range, which stay code. */
function readNumber(text: string): number | undefined {
  const value = /^0\d/.test(text) ? NaN : Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? value : undefined;
}

function readSigned(text: string): number | undefined {
  const value = readNumber(text.slice(1).trim());
  return value === undefined || text[0] === "+" ? value : -value;
}

function readArray(syntax: SyntaxNode, source: string): Json[] | undefined {
  const values: Json[] = [];
  for (const item of listOf(syntax)?.items ?? [null]) {
    const value = item && !item.spread ? readLiteral(item.syntax, source) : undefined;
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function readObject(syntax: SyntaxNode, source: string): { [key: string]: Json } | undefined {
  const object: { [key: string]: Json } = {};
  for (const property of propertiesOf(syntax, source) ?? [null]) {
    const value = property?.value ? readLiteral(property.value, source) : undefined;
    if (value === undefined || property!.key === "__proto__") return undefined;
    object[property!.key] = value;
  }
  return object;
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

export function printKey(key: string): string {
  return identifier.test(key) ? key : JSON.stringify(key);
}

export function printValue(value: FieldValue, kinds: Kinds): string {
  if (value.type === "code") return value.text;
  if (value.type === "literal") return printLiteral(value.value);
  const info = kindInfoOf(kinds.initializers, value.kind);
  const args = info ? printArguments(info, value.fields, kinds) : printOptions(Object.entries(value.fields), kinds);
  return `initializers.${value.kind}(${args})`;
}

export function printLiteral(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(printLiteral).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const properties = Object.entries(value).map(([key, item]) => `${printKey(key)}: ${printLiteral(item)}`);
    return properties.length ? `{ ${properties.join(", ")} }` : "{}";
  }
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

/**
 * Prints a call's arguments without its list of blocks: positional ones up to the last that is set (earlier ones that
 * are not set print their defaults), then the others as options.
 */
export function printArguments(info: KindInfo, fields: FieldValues, kinds: Kinds): string {
  const positional = positionalFields(info);
  const last = positional.findLastIndex((field) => field.name in fields);
  const values = positional
    .slice(0, last + 1)
    .map((field) => printValue(fields[field.name] ?? startValue(field), kinds));
  const named = Object.entries(fields).filter(([name]) => !positional.some((field) => field.name === name));
  return [...values, printOptions(named, kinds)].filter(Boolean).join(", ");
}

export function printOptions(entries: [string, FieldValue][], kinds: Kinds): string {
  const properties = entries.map(([key, value]) => `${printKey(key)}: ${printValue(value, kinds)}`);
  return properties.length ? `{ ${properties.join(", ")} }` : "";
}

/** Returns the start value of a field: its default, or a value within its range if it is required. */
export function startValue(field: FieldInfo): FieldValue {
  if (field.start !== undefined) return { type: "code", text: field.start };
  return { type: "literal", value: field.default ?? firstValues[field.type](field) };
}

const firstValues: Record<FieldInfo["type"], (field: FieldInfo) => Json> = {
  integer: ({ min = -Infinity, max = Infinity }) => Math.min(Math.max(64, min), max),
  number: ({ min, max }) => (min !== undefined && max !== undefined ? (min + max) / 2 : (min ?? max ?? 1)),
  boolean: () => false,
  string: () => "",
  activation: () => "relu",
  initializer: () => "zeros",
  shape: () => [1],
  numbers: () => [1],
  // The kind declares the code that it starts with.
  expression: () => null,
};
