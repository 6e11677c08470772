/** Syntax of a cell by the editor's grammar, as far as compositions need it. */
import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@lezer/javascript";
import type { Span } from "./compositionTree";

const typescript = parser.configure({ dialect: "ts" });

/** Number of sources whose trees are kept: the cells that a page of a notebook shows, and the steps of an edit. */
const maxTrees = 64;
/** Trees by source, the most recently used last. */
const trees = new Map<string, Tree>();

/** Returns the tree of a source. Composer, inspector and the reader of classes share it, so each edit parses once. */
export function parseSource(source: string): Tree {
  const tree = trees.get(source) ?? typescript.parse(source);
  trees.delete(source);
  trees.set(source, tree);
  if (trees.size > maxTrees) trees.delete(trees.keys().next().value!);
  return tree;
}

/** Returns the offset of the first syntax error, or null. */
export function firstSyntaxError(tree: Tree): number | null {
  let found: number | null = null;
  tree.iterate({
    enter(node) {
      if (found === null && node.type.isError) found = node.from;
      return found === null;
    },
  });
  return found;
}

/** Item of a bracketed, comma-separated list: an argument, an element of an array, a property. */
export interface ListItem extends Span {
  /** Offset of the comma after it. */
  comma: number | null;
  syntax: SyntaxNode;
  /** True for `...blocks`; `syntax` is then only the `...`. */
  spread: boolean;
}

export interface List {
  /** Offset after the opening bracket. */
  open: number;
  /** Offset of the closing bracket. */
  close: number;
  items: ListItem[];
}

const brackets = new Set(["(", ")", "[", "]", "{", "}"]);

export function isComment(syntax: SyntaxNode): boolean {
  return syntax.name === "LineComment" || syntax.name === "BlockComment";
}

/** Returns the items of an ArgList, ArrayExpression or ObjectExpression; null if one is missing (`[a, , b]`). */
export function listOf(syntax: SyntaxNode): List | null {
  const items: ListItem[] = [];
  let current: ListItem | null = null;
  for (let child = syntax.firstChild; child; child = child.nextSibling) {
    if (isComment(child) || (brackets.has(child.name) && (child.from === syntax.from || child.to === syntax.to)))
      continue;
    if (child.name === ",") {
      if (!current) return null;
      current.comma = child.from;
      current = null;
    } else if (current) {
      current.to = child.to;
    } else {
      current = { from: child.from, to: child.to, comma: null, syntax: child, spread: child.name === "Spread" };
      items.push(current);
    }
  }
  return { open: syntax.from + 1, close: syntax.to - 1, items };
}

export interface CallSyntax {
  callee: SyntaxNode;
  args: SyntaxNode;
  /** True for `new callee(...)`. */
  constructs: boolean;
}

/**
 * Returns a plain call, `callee(...)` or `new callee(...)`; null for `callee?.(...)`, `callee<T>(...)` and anything
 * else.
 */
export function callSyntaxOf(syntax: SyntaxNode): CallSyntax | null {
  const constructs = syntax.name === "NewExpression";
  if (!constructs && syntax.name !== "CallExpression") return null;
  const [callee, args, more] = syntaxChildren(syntax).slice(constructs ? 1 : 0);
  return callee && args?.name === "ArgList" && !more ? { callee, args, constructs } : null;
}

export interface Property {
  key: string;
  item: ListItem;
  /** Null for a shorthand, `{ name }`. */
  value: SyntaxNode | null;
}

/** Returns the plain properties of an ObjectExpression; null if it contains a spread, a method or a computed key. */
export function propertiesOf(syntax: SyntaxNode, source: string): Property[] | null {
  const list = listOf(syntax);
  if (!list) return null;
  const properties: Property[] = [];
  for (const item of list.items) {
    const property = item.syntax.name === "Property" ? propertyOf(item, source) : null;
    if (!property || properties.some(({ key }) => key === property.key)) return null;
    properties.push(property);
  }
  return properties;
}

function propertyOf(item: ListItem, source: string): Property | null {
  const [key, colon, value, more] = syntaxChildren(item.syntax);
  if (!key || more || (key.name !== "PropertyDefinition" && key.name !== "String")) return null;
  const text = source.slice(key.from, key.to);
  if (!colon) return key.name === "PropertyDefinition" ? { key: text, item, value: null } : null;
  if (colon.name !== ":" || !value) return null;
  return { key: key.name === "String" ? (readString(text) ?? text) : text, item, value };
}

export function syntaxChildren(syntax: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = syntax.firstChild; child; child = child.nextSibling) if (!isComment(child)) children.push(child);
  return children;
}

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" };

/** Returns the value of a string literal; null for octal escapes, which only sloppy mode allows. */
export function readString(text: string): string | null {
  let legal = true;
  const value = text
    .slice(1, -1)
    .replace(
      /\\(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\s\S]))/g,
      (all, long?: string, unicode?: string, hex?: string, single?: string, offset = 0) => {
        const code = long ?? unicode ?? hex;
        if (code) return parseInt(code, 16) > 0x10ffff ? all : String.fromCodePoint(parseInt(code, 16));
        if (single === "\n" || single === "\r\n" || single === "\r") return "";
        const octal = /[1-7]/.test(single!) || (single === "0" && /\d/.test(text[Number(offset) + 3] ?? ""));
        if (octal || single === "u" || single === "x") legal = false;
        return escapes[single!] ?? single!;
      },
    );
  return legal ? value : null;
}
