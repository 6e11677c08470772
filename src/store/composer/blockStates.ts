/** Matches the blocks declared by the source with those in the session. */
import type { Json } from "../../base/info";
import { nameOf } from "../../notebook/composition/compositionFields";
import {
  type BlockNode,
  type BlockPath,
  type Composition,
  type CompositionNode,
  type FieldValues,
} from "../../notebook/composition/compositionTree";
import type { BlockDescription, ModelDescription } from "../../protocol/protocol";

export interface BlockState {
  /** The variable that holds the model. */
  model: string;
  /** Null if the session has no such block: never run, or edited since. */
  description: BlockDescription | null;
  /** True if the model is in the session, possibly from before an edit. */
  known: boolean;
}

export type BlockStates = ReadonlyMap<string, BlockState>;

export function pathKey(path: BlockPath): string {
  return path.join("/");
}

/**
 * Finds each node's block in the session's models. If the source has been edited since it ran, nodes are compared with
 * their blocks: after the first difference, shapes are unknown until the next run. The session does not report the
 * constructor arguments of custom blocks, so these are compared with the source that ran.
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
  /**
   * Descriptions by source text of the code seen so far, because the session describes a reused block only at its first
   * place.
   */
  private readonly seen = new Map<string, BlockDescription>();

  constructor(states: Map<string, BlockState>, model: string, edited: boolean, known: boolean) {
    this.states = states;
    this.model = model;
    this.edited = edited;
    this.known = known;
  }

  /** Returns false for the first node that differs from what ran, and for every node after it. */
  match(node: CompositionNode, found: BlockDescription | null, path: BlockPath, ran?: CompositionNode): boolean {
    const again = node.type === "code" ? (found ?? this.seen.get(node.text) ?? null) : found;
    const description = again && (!this.edited || isSame(node, again, ran)) ? again : null;
    if (node.type === "code" && description) this.seen.set(node.text, description);
    const state: BlockState = { model: this.model, description, known: this.known };
    this.states.set(pathKey(path), state);
    if (node.type !== "block" || !node.children) return description !== null;
    const same = this.matchChildren(node, node.children, description, path, ran);
    // A container whose blocks have changed still has a known input, but its output is unknown.
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
    const found = childDescriptions(node, description, this.edited ? before : children);
    let same = description !== null;
    children.forEach((child, index) => {
      const matches = this.match(child, same ? (found[index] ?? null) : null, [...path, index], before[index]);
      // A spread stands for several blocks, none of which is this node's.
      same &&= matches || isSpread(child);
    });
    const hasSpread = children.some(isSpread);
    return same && (!this.edited || hasSpread || (description?.children.length ?? 0) <= children.length);
  }
}

/**
 * Finds the described block of each child: the one that its code made; for other code, such as a variable, by name,
 * otherwise by index in the list.
 * @param ran the children in the source that ran, as far as it is known
 */
function childDescriptions(
  node: BlockNode,
  description: BlockDescription | null,
  ran: readonly CompositionNode[],
): (BlockDescription | null)[] {
  const children = node.children ?? [];
  const bySegment = new Map(
    description?.children.map((child) => [child.path.slice(child.path.lastIndexOf("/") + 1), child]),
  );
  const spread = children.findIndex(isSpread);
  const inSpread = spread < 0 ? 0 : (description?.children.length ?? 0) - children.length;
  return children.map((child, index) => {
    if (isSpread(child)) return null;
    const made = madeByCode(description, ran[index]);
    if (made) return made;
    const place = spread >= 0 && index > spread ? index + inSpread : index;
    const exact = bySegment.get(nameOf(child) ?? String(place));
    if (exact) return exact;
    if (repeats(children, index)) return null;
    // The session lists a reused block only at its first place.
    const byPlace = description?.children[place - children.filter((_, i) => i < index && repeats(children, i)).length];
    // The class of a custom block may ignore its `name` argument.
    const fits = byPlace && (child.type === "code" || isOwn(child, byPlace)) ? byPlace : null;
    return fits;
  });
}

/** Returns the child that the code of a node made in the run that is described. */
function madeByCode(description: BlockDescription | null, ran: CompositionNode | undefined): BlockDescription | null {
  const cell = description?.madeBy?.cell;
  if (ran?.type !== "block" || cell === undefined) return null;
  // Another cell may have made a block by code at the same offsets.
  const isMade = ({ madeBy }: BlockDescription) =>
    madeBy?.cell === cell && madeBy.from === ran.from && madeBy.to === ran.to;
  return description?.children.find(isMade) ?? null;
}

/** True for a variable that also occurs as a sibling above. */
function repeats(children: readonly CompositionNode[], index: number): boolean {
  const child = children[index]!;
  if (child.type !== "code" || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(child.text)) return false;
  return children.slice(0, index).some((other) => other.type === "code" && other.text === child.text);
}

function isSpread(node: CompositionNode): boolean {
  return node.type === "code" && node.text.startsWith("...");
}

/** True if the block may be the one that `node` creates. Fields that are known only at run time are not compared. */
function isSame(node: CompositionNode, known: BlockDescription, ran: CompositionNode | undefined): boolean {
  if (node.type === "code") return true;
  if (!isOwn(node, known)) return node.kind === known.kind && sameFields(node.fields, known.fields);
  if (!ran) return true;
  return ran.type === "block" && ran.kind === node.kind && JSON.stringify(ran.fields) === JSON.stringify(node.fields);
}

/** True for a custom block, whose class declares no fields to the session. */
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

/**
 * Returns the path of the node below `root` that creates the block at `path` of the session's model; null if there is
 * none.
 */
export function findDescribed(states: BlockStates, model: string, path: string): number[] | null {
  for (const [key, state] of states) {
    if (state.model === model && state.description?.path === path) return key.split("/").map(Number);
  }
  return null;
}

/** A block and its descendants, parents first. */
export function describedBlocks(root: BlockDescription): BlockDescription[] {
  return [root, ...root.children.flatMap(describedBlocks)];
}
