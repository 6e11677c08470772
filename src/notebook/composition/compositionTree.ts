import type { Json, KindInfo } from "../../base/info";

/** The kinds that compositions may use. */
export interface Kinds {
  blocks: readonly KindInfo[];
  initializers: readonly KindInfo[];
}

/** Value of a field in the source. */
export type FieldValue =
  | { type: "literal"; value: Json }
  /** `initializers.randomNormal({ stddev: 0.01 })` */
  | { type: "call"; kind: string; fields: FieldValues }
  /** An expression whose value is unknown until the cell runs: `classNames.length`. */
  | { type: "code"; text: string };

export interface FieldValues {
  [field: string]: FieldValue;
}

/** Offsets in the cell's source, the end exclusive. */
export interface Span {
  from: number;
  to: number;
}

/** A call of a kind, `dense(10)` or `new MyDense(8)`. `children` is null unless the kind is a container. */
export interface BlockNode extends Span {
  type: "block";
  kind: string;
  fields: FieldValues;
  children: CompositionNode[] | null;
}

/** Any other expression, which stays code: a variable, a call of another function, `...blocks`. */
export interface CodeNode extends Span {
  type: "code";
  text: string;
}

export type CompositionNode = BlockNode | CodeNode;

/** `const net = sequential([...])` at the top level of a cell. */
export interface Composition {
  variable: string;
  /** Span of the variable's name. */
  name: Span;
  root: CompositionNode;
}

/** Index of the composition in the cell, followed by the index in each list on the way down. */
export type BlockPath = readonly number[];

/** Returns the node at a path, or undefined. */
export function nodeAt(compositions: readonly Composition[], path: BlockPath): CompositionNode | undefined {
  const [first, ...rest] = path;
  let node = first === undefined ? undefined : compositions[first]?.root;
  for (const index of rest) node = node?.type === "block" ? node.children?.[index] : undefined;
  return node;
}

/** Returns every node with its path, parents before children. */
export function walkCompositions(compositions: readonly Composition[]): { path: number[]; node: CompositionNode }[] {
  const found: { path: number[]; node: CompositionNode }[] = [];
  const visit = (node: CompositionNode, path: number[]): void => {
    found.push({ path, node });
    if (node.type === "block") node.children?.forEach((child, index) => visit(child, [...path, index]));
  };
  compositions.forEach(({ root }, index) => visit(root, [index]));
  return found;
}

export function samePath(a: BlockPath, b: BlockPath): boolean {
  return a.length === b.length && startsWithPath(a, b);
}

export function startsWithPath(path: BlockPath, prefix: BlockPath): boolean {
  return prefix.every((index, depth) => path[depth] === index);
}

/** Returns the new path of a node after another node was inserted at `inserted`. */
export function pathAfterInsert(path: BlockPath, inserted: BlockPath): number[] {
  const depth = inserted.length - 1;
  const moves =
    path.length > depth && startsWithPath(path, inserted.slice(0, depth)) && path[depth]! >= inserted[depth]!;
  return path.map((index, level) => (moves && level === depth ? index + 1 : index));
}

/** Returns the new path of a node after the node at `removed` was removed, which removed its descendants as well. */
export function pathAfterRemove(path: BlockPath, removed: BlockPath): number[] {
  const depth = removed.length - 1;
  const moves = path.length > depth && startsWithPath(path, removed.slice(0, depth)) && path[depth]! > removed[depth]!;
  return path.map((index, level) => (moves && level === depth ? index - 1 : index));
}

export function kindInfoOf(kinds: readonly KindInfo[], kind: string): KindInfo | undefined {
  return kinds.find((info) => info.kind === kind);
}
