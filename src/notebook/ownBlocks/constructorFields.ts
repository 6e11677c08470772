/** Converts the constructor of a class to the fields of a kind. */
import type { SyntaxNode } from "@lezer/common";
import type { FieldInfo, KindInfo } from "../../base/info";
import { syntaxChildren, listOf, readString } from "../composition/compositionSyntax";
import { type Declared, fieldOf, isBlockList } from "./typeFields";

export type Constructor = Pick<KindInfo, "fields" | "children" | "spread">;

/** A parameter: its declaration and what it binds. */
interface Parameter extends Declared {
  /** Name or pattern that it binds. */
  target: SyntaxNode;
  rest: boolean;
}

/**
 * Reads the constructor of a class. Positional arguments become positional fields; a last object, destructured or with
 * an inline type, becomes options. A list of blocks, `blocks: Block[]` or `...blocks: Block[]`, makes the kind a
 * container. Returns null if the class itself has no constructor.
 */
export function constructorOf(body: SyntaxNode, source: string): Constructor | null {
  const method = body
    .getChildren("MethodDeclaration")
    .find((one) => textOf(one.getChild("PropertyDefinition"), source) === "constructor" && one.getChild("Block"));
  const list = method?.getChild("ParamList");
  if (!list) return null;
  const parameters = parametersOf(list, source);
  const [first] = parameters;
  const isContainer = first !== undefined && isBlockList(first.type, source);
  if (isContainer && first.rest) return { fields: [], children: "list", spread: true };
  const given = parameters.slice(isContainer ? 1 : 0).filter(({ rest }) => !rest);
  const last = given.at(-1);
  const options = last ? optionsOf(last, source) : null;
  const positional = (options ? given.slice(0, -1) : given).map((parameter) => ({
    ...fieldOf(parameter, source),
    positional: true,
  }));
  return { fields: [...positional, ...(options ?? [])], ...(isContainer && { children: "list" }) };
}

function textOf(syntax: SyntaxNode | null, source: string): string {
  return syntax ? source.slice(syntax.from, syntax.to) : "";
}

const targets = new Set(["VariableDefinition", "ObjectPattern", "ArrayPattern"]);

function parametersOf(list: SyntaxNode, source: string): Parameter[] {
  const parameters: Parameter[] = [];
  let rest = false;
  let last: Parameter | undefined;
  let value = false;
  for (const child of syntaxChildren(list)) {
    if (child.name === ",") [rest, value, last] = [false, false, undefined];
    else if (child.name === "Spread") rest = true;
    else if (!last && targets.has(child.name)) {
      const name = child.name === "VariableDefinition" ? textOf(child, source) : "options";
      last = { name, target: child, type: null, value: null, optional: false, rest };
      parameters.push(last);
    } else if (last && value) {
      last.value = child;
      value = false;
    } else if (last) {
      if (child.name === "Optional") last.optional = true;
      if (child.name === "TypeAnnotation") last.type = child.lastChild;
      value = child.name === "Equals";
    }
  }
  return parameters;
}

/**
 * Returns the fields of `{ units = 8 }: { units?: number } = {}` and of `options: { units?: number }`; null for
 * anything else.
 */
function optionsOf({ target, type }: Parameter, source: string): FieldInfo[] | null {
  const types = type?.name === "ObjectType" ? typesOf(type, source) : new Map<string, Declared>();
  if (target.name === "ObjectPattern") {
    const bound = boundNames(target, source);
    return (
      bound?.map(({ name, value }) => {
        const known = types.get(name);
        return fieldOf({ name, type: known?.type ?? null, value, optional: known?.optional ?? false }, source);
      }) ?? null
    );
  }
  return types.size > 0 ? [...types.values()].map((declared) => fieldOf(declared, source)) : null;
}

function typesOf(type: SyntaxNode, source: string): Map<string, Declared> {
  const declared = type.getChildren("PropertyType").map((property): Declared => ({
    name: nameOfKey(property.firstChild!, source),
    type: property.getChild("TypeAnnotation")?.lastChild ?? null,
    value: null,
    optional: property.getChild("Optional") !== null,
  }));
  return new Map(declared.map((one) => [one.name, one]));
}

/** Returns the properties of a pattern with their defaults; null if it has a rest element (`...others`). */
function boundNames(pattern: SyntaxNode, source: string): Pick<Declared, "name" | "value">[] | null {
  const items = listOf(pattern)?.items;
  if (!items || items.some(({ syntax, spread }) => spread || syntax.name !== "PatternProperty")) return null;
  return items.map(({ syntax }) => {
    const parts = syntaxChildren(syntax);
    const equals = parts.findIndex(({ name }) => name === "Equals");
    return { name: nameOfKey(parts[0]!, source), value: parts[equals + 1] && equals > 0 ? parts[equals + 1]! : null };
  });
}

function nameOfKey(key: SyntaxNode, source: string): string {
  const text = textOf(key, source);
  return key.name === "String" ? (readString(text) ?? text) : text;
}
