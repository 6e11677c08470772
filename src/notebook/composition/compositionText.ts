/** Prints blocks as text, parses pasted blocks, and adjusts the indentation of either. */
import type { SyntaxNode } from "@lezer/common";
import type { KindInfo } from "../../base/info";
import { codeSpans, readChildren } from "./composition";
import { indentAt } from "./compositionList";
import { syntaxChildren, firstSyntaxError, isComment, listOf, parseSource } from "./compositionSyntax";
import {
  type BlockNode,
  type CompositionNode,
  type FieldValues,
  kindInfoOf,
  type Kinds,
  type Span,
} from "./compositionTree";
import { printArguments, printOptions, startValue } from "./compositionValues";

/** Width beyond which a list of blocks is printed with a line per block. */
export const lineWidth = 80;

type Printable = Pick<BlockNode, "type" | "kind" | "fields"> & { children: CompositionNode[] | null };

/** Prints a block's call: on one line if it fits after `indent`, else with a line per child. */
export function printBlock(node: Printable | CompositionNode, kinds: Kinds, indent = ""): string {
  if (node.type === "code") return node.text;
  const info = kindInfoOf(kinds.blocks, node.kind);
  const fields = info ? printArguments(info, node.fields, kinds) : printOptions(Object.entries(node.fields), kinds);
  const callee = info?.constructed ? `new ${node.kind}` : node.kind;
  if (!node.children) return `${callee}(${fields})`;
  const [before, after] = aroundBlocks(info);
  const open = `${callee}(${before}`;
  const close = `${after}${fields && `${node.children.length > 0 || after ? ", " : ""}${fields}`})`;
  const flat = `${open}${node.children.map((child) => printBlock(child, kinds)).join(", ")}${close}`;
  if (!flat.includes("\n") && indent.length + flat.length <= lineWidth) return flat;
  if (info && info.children !== "list") return `${open}${printChildren(node.children, kinds, indent)}${close}`;
  const lines = node.children.map((child) => `${indent}  ${printBlock(child, kinds, `${indent}  `)},\n`);
  return `${open}\n${lines.join("")}${indent}${close}`;
}

function printChildren(children: readonly CompositionNode[], kinds: Kinds, indent: string): string {
  return children.map((child) => printBlock(child, kinds, indent)).join(", ");
}

/** Returns the texts around the blocks of a container in its first argument. */
export function aroundBlocks(info: KindInfo | undefined): [before: string, after: string] {
  if (info?.children === "one" || info?.spread) return ["", ""];
  return info?.children === "factory" ? ["() => ", ""] : ["[", "]"];
}

/** Prints a new block of a kind: positional fields with their start values, options omitted. */
export function newBlock(kind: string, kinds: Kinds): string {
  const info = kindInfoOf(kinds.blocks, kind);
  const needed = (info?.fields ?? []).filter(
    (field) => field.default === undefined || (field.positional && field.start === undefined),
  );
  const fields: FieldValues = Object.fromEntries(needed.map((field) => [field.name, startValue(field)]));
  return printBlock({ type: "block", kind, fields, children: startChildren(info, kinds) }, kinds);
}

/** Returns the children of a new block: none in a list; where one is required, an empty chain, which changes nothing. */
function startChildren(info: KindInfo | undefined, kinds: Kinds): CompositionNode[] | null {
  if (!info?.children) return null;
  const chain = kinds.blocks.find(({ children, flow }) => children === "list" && flow === "chain");
  if (info.children === "list" || !chain) return [];
  return [{ type: "code", text: newBlock(chain.kind, kinds), from: 0, to: 0 }];
}

/**
 * Parses pasted blocks, such as `dense(10), dropout(0.5)`. Returns the text of each without indentation; null for any
 * other text.
 */
export function readBlocks(text: string, kinds: Kinds): string[] | null {
  const list = `[\n${text.replace(/[;,\s]+$/, "")}\n]`;
  const tree = parseSource(list);
  const [statement, more] = syntaxChildren(tree.topNode);
  const array = statement?.firstChild;
  if (more || firstSyntaxError(tree) !== null || array?.name !== "ArrayExpression" || array.nextSibling) return null;
  if (!listOf(array)?.items.length) return null;
  return readChildren(array, list, kinds).map(({ from, to }) => {
    return reindent(list, { from, to }, indentAt(list, from), "", guardedSpans(array, list, kinds));
  });
}

/** Indents the lines of an unindented block. */
export function indentBlock(text: string, indent: string, kinds: Kinds): string {
  const list = `[${text}\n]`;
  const array = parseSource(list).topNode.firstChild?.firstChild;
  if (!array || !indent) return text;
  return reindent(list, { from: 1, to: list.length - 2 }, "", indent, guardedSpans(array, list, kinds));
}

/** Returns the spans that must stay byte for byte: code, strings over several lines, comments. */
export function guardedSpans(list: SyntaxNode, source: string, kinds: Kinds): Span[] {
  const guarded = (listOf(list)?.items ?? []).flatMap(({ syntax, spread, from, to }) =>
    spread ? [{ from, to }] : codeSpans(syntax, source, kinds),
  );
  const comments: Span[] = [];
  list.cursor().iterate((node) => {
    if (isComment(node.node) || node.name === "String") comments.push({ from: node.from, to: node.to });
  });
  return [...guarded, ...comments];
}

export function reindent(source: string, span: Span, before: string, after: string, guarded: readonly Span[]): string {
  return source.slice(span.from, span.to).replace(/\n([ \t]*)(?![ \t\r\n])/g, (line, white: string, offset: number) => {
    const at = span.from + offset;
    const kept = guarded.some(({ from, to }) => from <= at && at < to) || !white.startsWith(before);
    return kept ? line : `\n${after}${white.slice(before.length)}`;
  });
}

/** True if a text is one expression that is valid as an argument. */
export function isExpression(text: string): boolean {
  const list = `[\n${text}\n]`;
  const tree = parseSource(list);
  const [statement, more] = syntaxChildren(tree.topNode);
  const array = statement?.firstChild;
  if (more || firstSyntaxError(tree) !== null || array?.name !== "ArrayExpression" || array.nextSibling) return false;
  const items = listOf(array)?.items;
  return items?.length === 1 && !items[0]!.spread && items[0]!.comma === null;
}
