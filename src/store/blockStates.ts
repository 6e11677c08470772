/** What the session knows of the blocks that the source declares. */
import type { Json } from "../base/info";
import {
  type BlockNode,
  type BlockPath,
  type Composition,
  type CompositionNode,
  type FieldValues,
} from "../notebook/compositionTree";
import { nameOf } from "../notebook/compositionFields";
import type { BlockDescription, ModelDescription } from "../session/protocol";

export interface BlockState {
  /** The variable that holds the model. */
  model: string;
  /** Null where the session knows no such block: never run, or edited since. */
  description: BlockDescription | null;
  /** True if the model is in the session, be it from before an edit. */
  known: boolean;
}

export type BlockStates = ReadonlyMap<string, BlockState>;

export function pathKey(path: BlockPath): string {
  return path.join("/");
}

/**
 * Finds each node's block in the session's models. Where the source has been
 * edited since it ran, nodes are compared with their blocks: from the first that
 * differs on, shapes are unknown until the next run. What the session does not know of a block of one's own, which is
 * what its constructor was given, is compared with the source that ran.
 */
export function blockStates(
  compositions: readonly Composition[],
  models: readonly ModelDescription[],
  edited: boolean,
  ran: readonly Composition[] = [],
): BlockStates {
  const states = new Map<string, BlockState>();
  compositions.forEach(({ variable, root }, index) => {
    const description = models.find((model) => model.variable === variable)?.root ?? null;
    const matcher = new Matcher(states, variable, edited, description !== null);
    matcher.match(root, description, [index], ran.find((other) => other.variable === variable)?.root);
  });
  return states;
}

class Matcher {
  private readonly states: Map<string, BlockState>;
  private readonly model: string;
  private readonly edited: boolean;
  private readonly known: boolean;
  /** Descriptions of code seen so far: a block used again has its first place only. */
  private readonly seen = new Map<string, BlockDescription>();

  constructor(states: Map<string, BlockState>, model: string, edited: boolean, known: boolean) {
    this.states = states;
    this.model = model;
    this.edited = edited;
    this.known = known;
  }

  /** Returns false from the first node on that is not what ran. */
  match(node: CompositionNode, found: BlockDescription | null, path: BlockPath, ran?: CompositionNode): boolean {
    const again = node.type === "code" ? (found ?? this.seen.get(node.text) ?? null) : found;
    const description = again && (!this.edited || isSame(node, again, ran)) ? again : null;
    if (node.type === "code" && description) this.seen.set(node.text, description);
    const state: BlockState = { model: this.model, description, known: this.known };
    this.states.set(pathKey(path), state);
    if (node.type !== "block" || !node.children) return description !== null;
    const same = this.matchChildren(node, node.children, description, path, ran);
    // A container whose blocks have changed still has its input, but its output is open.
    if (description && !same)
      state.description = { ...description, outputShape: null, built: false, count: 0, weights: [] };
    return description !== null && same;
  }

  private matchChildren(
    node: BlockNode,
    children: readonly CompositionNode[],
    description: BlockDescription | null,
    path: BlockPath,
    ran: CompositionNode | undefined,
  ): boolean {
    const before = ran?.type === "block" ? (ran.children ?? []) : [];
    const found = childDescriptions(node, description);
    let same = description !== null;
    children.forEach((child, index) => {
      const matches = this.match(child, same ? (found[index] ?? null) : null, [...path, index], before[index]);
      // What a spread stands for is several blocks, none of which is this node's.
      same &&= matches || isSpread(child);
    });
    const hasSpread = children.some(isSpread);
    return same && (!this.edited || hasSpread || (description?.children.length ?? 0) <= children.length);
  }
}

/** The described block of each child: by its name, else by its index in the list. */
function childDescriptions(node: BlockNode, description: BlockDescription | null): (BlockDescription | null)[] {
  const children = node.children ?? [];
  const bySegment = new Map(
    description?.children.map((child) => [child.path.slice(child.path.lastIndexOf("/") + 1), child]),
  );
  const spread = children.findIndex(isSpread);
  const inSpread = spread < 0 ? 0 : (description?.children.length ?? 0) - children.length;
  return children.map((child, index) => {
    if (isSpread(child)) return null;
    const place = spread >= 0 && index > spread ? index + inSpread : index;
    const exact = bySegment.get(nameOf(child) ?? String(place));
    if (exact) return exact;
    if (repeats(children, index)) return null;
    // The session lists a block that is used again at its first place only.
    const byPlace = description?.children[place - children.filter((_, i) => i < index && repeats(children, i)).length];
    // A class of one's own need not make what it is given as `name` the block's name.
    const fits = byPlace && (child.type === "code" || isOwn(child, byPlace)) ? byPlace : null;
    return fits;
  });
}

/** True for a variable that a sibling above it is too. */
function repeats(children: readonly CompositionNode[], index: number): boolean {
  const child = children[index]!;
  if (child.type !== "code" || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(child.text)) return false;
  return children.slice(0, index).some((other) => other.type === "code" && other.text === child.text);
}

function isSpread(node: CompositionNode): boolean {
  return node.type === "code" && node.text.startsWith("...");
}

/** True if the block may well be what `node` makes. Fields that only running can tell are not compared. */
function isSame(node: CompositionNode, known: BlockDescription, ran: CompositionNode | undefined): boolean {
  if (node.type === "code") return true;
  if (!isOwn(node, known)) return node.kind === known.kind && sameFields(node.fields, known.fields);
  if (!ran) return true;
  return ran.type === "block" && ran.kind === node.kind && JSON.stringify(ran.fields) === JSON.stringify(node.fields);
}

/** True for a block of one's own, whose class declares no fields to the session. */
function isOwn(node: BlockNode, { kind, fields }: BlockDescription): boolean {
  return node.kind === kind && Object.keys(fields).length === 0;
}

function sameFields(given: FieldValues, known: { [field: string]: Json }): boolean {
  return Object.entries(given).every(([name, value]) => {
    const other = known[name];
    return value.type !== "literal" || !isPrimitive(value.value) || !isPrimitive(other) || value.value === other;
  });
}

function isPrimitive(value: Json | undefined): boolean {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}

/** The path of the node, below `root`, that makes the block at `path` of the session's model; null if none does. */
export function findDescribed(states: BlockStates, model: string, path: string): number[] | null {
  for (const [key, state] of states) {
    if (state.model === model && state.description?.path === path) return key.split("/").map(Number);
  }
  return null;
}

/** A block and all in it, parents first. */
export function describedBlocks(root: BlockDescription): BlockDescription[] {
  return [root, ...root.children.flatMap(describedBlocks)];
}
