/** Search for the blocks and weights of a model by path, each once. */
import { ArgumentError } from "../../base/errors";
import { Parameter } from "../../tensor/parameter";
import { Operand, Tensor } from "../../tensor/tensor";

/** The members of a block that the search uses. */
export interface TreeBlock {
  readonly name: string | undefined;
  readonly addedWeights: readonly Parameter[];
  forward(...inputs: never[]): unknown;
  childEntries?(): [segment: string, child: TreeBlock][];
}

/** A block in its tree. Its path is that of its first place. */
export interface BlockEntry<B extends TreeBlock> {
  readonly path: string;
  readonly segment: string;
  readonly block: B;
  readonly parent: BlockEntry<B> | undefined;
}

export interface WeightEntry<B extends TreeBlock> {
  readonly path: string;
  readonly parameter: Parameter;
  /** The block in which the weight occurs first. */
  readonly owner: BlockEntry<B>;
  /** Paths of its further places. */
  readonly aliases: string[];
}

/**
 * Collects the blocks and tensors of a field's value, also from arrays, Maps and plain objects, with the segments that
 * lead there.
 */
function collect(value: object, place: string, seen: Set<object> | undefined, into: [string, unknown][]): void {
  if (isLeaf(value)) {
    into.push([place, value]);
    return;
  }
  if (seen?.has(value)) return;
  const around = (seen ?? new Set()).add(value);
  for (const [key, item] of entriesOf(value))
    if (typeof item === "object" && item !== null) collect(item, `${place}/${key}`, around, into);
}

function isLeaf(value: object): boolean {
  return value instanceof Operand || ("forward" in value && typeof value.forward === "function");
}

function entriesOf(value: object): Iterable<[string, unknown]> {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), item]);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : [];
}

/**
 * Collects the blocks and tensors of a block's fields. It runs for every block at every training step, so it allocates
 * nothing for other fields.
 */
function fieldsOf(block: TreeBlock): [string, unknown][] {
  const found: [string, unknown][] = [];
  for (const field of Object.keys(block)) {
    const value: unknown = (block as unknown as Record<string, unknown>)[field];
    if (typeof value === "object" && value !== null) collect(value, field, undefined, found);
  }
  return found;
}

/** Returns the constants of a block, the tensors in its own fields, with the segments that lead there. */
export function constantsOf(block: TreeBlock): [segment: string, constant: Tensor][] {
  return fieldsOf(block).filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor);
}

/** Returns the tensors in a block's own fields: its constants. */
export function tensorsOf(block: TreeBlock): Tensor[] {
  return constantsOf(block).map(([, tensor]) => tensor);
}

/**
 * Returns the blocks in a block's own fields, in field order, with their segments. A block may occur more than once.
 * @throws ArgumentError for two different blocks with one segment
 */
export function childrenOf<B extends TreeBlock>(block: B): [segment: string, child: B][] {
  const found = block.childEntries?.() ?? fieldsOf(block).filter((entry) => !(entry[1] instanceof Operand));
  const taken = new Map<string, B>();
  return (found as [string, B][]).map(([place, child]) => {
    const segment = child.name === undefined ? place : renamed(place, child.name);
    const other = taken.get(segment);
    if (other && other !== child) {
      throw new ArgumentError({
        at: "Block names",
        expected: "siblings of different names",
        got: `two named "${segment}"`,
        remedy: "Give one of them another name.",
      });
    }
    taken.set(segment, child);
    return [segment, child];
  });
}

/** Replaces the last segment of a place by the block's name. */
function renamed(place: string, name: string): string {
  return [...place.split("/").slice(0, -1), name].join("/");
}

/** Returns a block's own weights: first the added ones, in order, then those in its fields. */
function ownWeights(block: TreeBlock): [segment: string, parameter: Parameter][] {
  const added = block.addedWeights.map((parameter): [string, Parameter] => [parameter.name, parameter]);
  const known = new Set<unknown>(block.addedWeights);
  for (const [place, value] of fieldsOf(block))
    if (value instanceof Parameter && !known.has(value)) added.push([place, value]);
  return added;
}

export function joinPath(...segments: string[]): string {
  return segments.filter((segment) => segment !== "").join("/");
}

/** Returns every block in the tree once, at its first place and parents first, and the further paths of each. */
export function walkBlocks<B extends TreeBlock>(root: B): { entries: BlockEntry<B>[]; aliases: Map<B, string[]> } {
  const entries: BlockEntry<B>[] = [];
  const aliases = new Map<B, string[]>();
  const visit = (block: B, path: string, segment: string, parent: BlockEntry<B> | undefined): void => {
    const known = aliases.get(block);
    if (known) {
      known.push(path);
      return;
    }
    const entry: BlockEntry<B> = { path, segment, block, parent };
    entries.push(entry);
    aliases.set(block, []);
    for (const [name, child] of childrenOf(block)) visit(child, joinPath(path, name), name, entry);
  };
  visit(root, "", "", undefined);
  return { entries, aliases };
}

/** Returns every weight in the tree once, depth first, a block's own before its children's. */
export function walkWeights<B extends TreeBlock>(root: B, { entries, aliases } = walkBlocks(root)): WeightEntry<B>[] {
  const found = new Map<Parameter, WeightEntry<B>>();
  for (const owner of entries) {
    for (const [segment, parameter] of ownWeights(owner.block)) {
      const path = joinPath(owner.path, segment);
      const others = aliases.get(owner.block)!.map((place) => joinPath(place, segment));
      const known = found.get(parameter);
      if (known) known.aliases.push(path, ...others);
      else found.set(parameter, { path, parameter, owner, aliases: others });
    }
  }
  return [...found.values()];
}
