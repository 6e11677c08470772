/**
 * The tree of blocks that a cell's source declares. The source is the single source of truth: the tree is parsed from
 * it with the editor's grammar, and every edit of the tree is an edit of the text (`compositionEdits.ts`).
 */
import type { SyntaxNode, Tree } from "@lezer/common";
import type { KindInfo } from "../../base/info";
import { callSyntaxOf, syntaxChildren, firstSyntaxError, listOf, parseSource, propertiesOf } from "./compositionSyntax";
import { type Composition, type CompositionNode, kindInfoOf, type Kinds, type Span } from "./compositionTree";
import { readCall, readValue } from "./compositionValues";

export type ParsedCell =
  | { ok: true; compositions: Composition[] }
  /** Incomplete source, with the line of the first syntax error, counted from 1. */
  | { ok: false; line: number };

/** What was read from a tree, for the kinds with which it was read last. */
const known = new WeakMap<Tree, { kinds: Kinds; parsed: ParsedCell }>();

/**
 * Reads every top-level `const name = kind(...)` with a block of `kinds`, and `new Kind(...)` with a class of the
 * notebook. All readers of a source get the same compositions.
 */
export function parseCell(source: string, kinds: Kinds): ParsedCell {
  const tree = parseSource(source);
  const last = known.get(tree);
  if (last?.kinds === kinds) return last.parsed;
  const parsed = readTree(tree, source, kinds);
  known.set(tree, { kinds, parsed });
  return parsed;
}

function readTree(tree: Tree, source: string, kinds: Kinds): ParsedCell {
  const error = firstSyntaxError(tree);
  if (error !== null) return { ok: false, line: source.slice(0, error).split("\n").length };
  return { ok: true, compositions: readCompositions(tree, source, kinds) };
}

function readCompositions(tree: Tree, source: string, kinds: Kinds): Composition[] {
  return syntaxChildren(tree.topNode)
    .map((node) => (node.name === "ExportDeclaration" ? (node.getChild("VariableDeclaration") ?? node) : node))
    .filter((node) => node.name === "VariableDeclaration")
    .flatMap((node) => declarators(node))
    .flatMap(({ name, value }) => {
      if (!callsBlock(value, source, kinds)) return [];
      const { from, to } = name;
      return [{ variable: source.slice(from, to), name: { from, to }, root: readNode(value, source, kinds) }];
    });
}

/** Returns `name` and `value` of each declarator. Destructuring patterns declare no composition. */
function declarators(declaration: SyntaxNode): { name: SyntaxNode; value: SyntaxNode }[] {
  return declaration.getChildren("VariableDefinition").flatMap((name) => {
    let next = name.nextSibling;
    while (next && next.name !== "Equals" && next.name !== ",") next = next.nextSibling;
    let value = next?.name === "Equals" ? next.nextSibling : null;
    while (value?.name === "LineComment" || value?.name === "BlockComment") value = value.nextSibling;
    return value ? [{ name, value }] : [];
  });
}

function callsBlock(syntax: SyntaxNode, source: string, kinds: Kinds): boolean {
  return blockInfo(syntax, source, kinds) !== undefined;
}

function blockInfo(syntax: SyntaxNode, source: string, kinds: Kinds) {
  const call = callSyntaxOf(syntax);
  if (call?.callee.name !== "VariableName") return undefined;
  const info = kindInfoOf(kinds.blocks, source.slice(call.callee.from, call.callee.to));
  return call.constructs === (info?.constructed ?? false) ? info : undefined;
}

/** Returns a block if `syntax` is a call of one with readable arguments, else code. */
export function readNode(syntax: SyntaxNode, source: string, kinds: Kinds): CompositionNode {
  const info = blockInfo(syntax, source, kinds);
  const read = info && readCall(info, callSyntaxOf(syntax)!.args, source, kinds);
  const { from, to } = syntax;
  if (!read) return { type: "code", text: source.slice(from, to), from, to };
  const children = info.children ? blocksOf(info, read.blocks, source, kinds) : null;
  return { type: "block", kind: info.kind, fields: read.fields, children, from, to };
}

/** Returns the blocks of a container's list, or its only block. */
function blocksOf(info: KindInfo, blocks: SyntaxNode | null, source: string, kinds: Kinds): CompositionNode[] {
  if (info.children === "list") return readChildren(blocks, source, kinds);
  return blocks ? [readNode(blocks, source, kinds)] : [];
}

/** Returns the blocks of an array or of arguments; `...blocks` is one code node. */
export function readChildren(array: SyntaxNode | null, source: string, kinds: Kinds): CompositionNode[] {
  return (array ? listOf(array)!.items : []).map(({ syntax, spread, from, to }) =>
    spread ? { type: "code", text: source.slice(from, to), from, to } : readNode(syntax, source, kinds),
  );
}

/** Returns the spans below `syntax` whose indentation must not change: code, and values other than literals. */
export function codeSpans(syntax: SyntaxNode, source: string, kinds: Kinds): Span[] {
  const info = blockInfo(syntax, source, kinds);
  const args = info && callSyntaxOf(syntax)!.args;
  const read = args && readCall(info, args, source, kinds);
  if (!read) return [{ from: syntax.from, to: syntax.to }];
  if (read.blocks === args) {
    return listOf(args)!.items.flatMap(({ syntax: child, spread, from, to }) =>
      spread ? [{ from, to }] : codeSpans(child, source, kinds),
    );
  }
  return listOf(args)!.items.flatMap(({ syntax: item }) => {
    if (read.blocks && item.from <= read.blocks.from && item.to >= read.blocks.to) {
      if (info.children !== "list") return codeSpans(read.blocks, source, kinds);
      return listOf(item)!.items.flatMap((child) => codeSpans(child.syntax, source, kinds));
    }
    const values = item.name === "ObjectExpression" ? propertiesOf(item, source)!.map(({ value }) => value) : [item];
    return values.flatMap((value) =>
      value && readValue(value, source, kinds).type !== "literal" ? [{ from: value.from, to: value.to }] : [],
    );
  });
}
