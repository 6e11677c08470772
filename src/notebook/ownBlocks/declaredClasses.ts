/**
 * Block classes declared in the notebook's cells, as kinds besides the built-in ones. They are read from the source, so
 * they are available before the notebook has run.
 */
import type { SyntaxNode } from "@lezer/common";
import type { KindInfo } from "../../base/info";
import { syntaxChildren, firstSyntaxError, parseSource } from "../composition/compositionSyntax";
import { type Constructor, constructorOf } from "./constructorFields";

/** A class declared at the top level of a cell. */
export interface DeclaredClass {
  name: string;
  /** Name after `extends`; null if there is none or it is an expression. */
  parent: string | null;
  /** Parameters of its constructor; null if it has none and inherits one. */
  takes: Constructor | null;
  /** The comment above it, on one line. */
  comment: string | null;
}

/** Returns the classes that a cell declares; null for an incomplete source. */
export function readClasses(source: string): DeclaredClass[] | null {
  if (!/\bclass\b/.test(source)) return [];
  const tree = parseSource(source);
  if (firstSyntaxError(tree) !== null) return null;
  return syntaxChildren(tree.topNode).flatMap((statement) => {
    const found = classIn(statement, source);
    return found ? [{ ...found, comment: commentAbove(statement, source) }] : [];
  });
}

function classIn(statement: SyntaxNode, source: string): Omit<DeclaredClass, "comment"> | null {
  if (statement.name === "ExportDeclaration") {
    const inner = statement.getChild("ClassDeclaration") ?? statement.getChild("VariableDeclaration");
    return inner && classIn(inner, source);
  }
  const syntax = statement.name === "VariableDeclaration" ? statement.getChild("ClassExpression") : statement;
  const name = statement.getChild("VariableDefinition");
  const isClass = syntax?.name === "ClassExpression" || syntax?.name === "ClassDeclaration";
  const body = isClass ? syntax.getChild("ClassBody") : null;
  if (!name || !body || syntax?.getChild("abstract")) return null;
  const parent = syntax?.getChild("extends")?.nextSibling;
  return {
    name: source.slice(name.from, name.to),
    parent: parent?.name === "VariableName" ? source.slice(parent.from, parent.to) : null,
    takes: constructorOf(body, source),
  };
}

/** Longer comments are meant for readers of the code, not for a hint. */
const longestComment = 300;

/** Returns the first paragraph of the comment that ends on the line before. */
function commentAbove(statement: SyntaxNode, source: string): string | null {
  const lines: string[] = [];
  let below = statement.from;
  for (let node = statement.prevSibling; node; node = node.prevSibling) {
    const isComment = node.name === "LineComment" || node.name === "BlockComment";
    const ownLine = /(^|\n)[ \t]*$/.test(source.slice(0, node.from));
    if (!isComment || !ownLine || source.slice(node.to, below).split("\n").length !== 2) break;
    lines.unshift(source.slice(node.from, node.to));
    below = node.from;
    if (node.name === "BlockComment") break;
  }
  const text = lines.join("\n").replace(/^\/\*+|\*+\/$/g, "");
  const plain = text
    .split("\n")
    .map((line) => line.replace(/^\s*(\/\/+|\*)?\s?/, "").trim())
    .join("\n");
  const [paragraph = ""] = plain.trim().split(/\n\s*\n|\n?@\w+/);
  const joined = paragraph.replace(/\s+/g, " ").trim();
  return joined.length > 0 && joined.length <= longestComment ? joined : null;
}

/** Constructor of `Block`, which a class without a constructor inherits. */
const blockConstructor: Constructor = {
  fields: [
    {
      name: "name",
      title: { en: "Name", zh: "名称" },
      type: "string",
      positional: true,
      default: null,
      start: "undefined",
    },
  ],
};

/**
 * Returns the kinds of those classes that are blocks: classes that extend `Block` or another such class, and classes
 * that the session reports as blocks. If a name is declared several times, the last class counts.
 */
export function kindsOfClasses(classes: readonly DeclaredClass[], isBlock: (name: string) => boolean): KindInfo[] {
  const byName = new Map(classes.map((one) => [one.name, one]));
  return [...byName.values()].flatMap((one) => {
    const made = inherited(one, byName, isBlock, new Set());
    return made ? [kindOf(one, made)] : [];
  });
}

/** Returns the constructor that applies to a class; null if the class is not a block. */
function inherited(
  one: DeclaredClass,
  byName: ReadonlyMap<string, DeclaredClass>,
  isBlock: (name: string) => boolean,
  seen: Set<string>,
): Constructor | null {
  const parent = one.parent === null || seen.has(one.name) ? undefined : byName.get(one.parent);
  seen.add(one.name);
  const above = one.parent === "Block" ? blockConstructor : parent && inherited(parent, byName, isBlock, seen);
  if (!above && !isBlock(one.name)) return null;
  return one.takes ?? above ?? blockConstructor;
}

function kindOf({ name, comment }: DeclaredClass, made: Constructor): KindInfo {
  return {
    kind: name,
    title: { en: name, zh: name },
    description: {
      en: comment ?? "A block written in this notebook.",
      zh: comment ?? "写在本笔记本中的块。",
    },
    ...made,
    constructed: true,
  };
}
