/** Ties: blocks that are used in several places through one variable, with one set of weights. */
import { type BlockPath, type Composition, samePath, walkCompositions } from "./compositionTree";
import { isVariableName } from "./compositionFields";

/** A block variable that is used in several places of a cell. */
export interface Tie {
  variable: string;
  /** Number of the tie in the cell, counted from 0. */
  index: number;
  /** Places where the variable is used as a block, in source order. */
  places: BlockPath[];
}

/**
 * Returns the variables that are used as a block in at least two places of a cell, in the order of their first place.
 */
export function tiesOf(compositions: readonly Composition[]): Tie[] {
  const places = new Map<string, BlockPath[]>();
  for (const { path, node } of walkCompositions(compositions)) {
    if (node.type !== "code" || !isVariableName(node.text)) continue;
    places.set(node.text, [...(places.get(node.text) ?? []), path]);
  }
  return [...places]
    .filter(([, found]) => found.length > 1)
    .map(([variable, found], index) => ({ variable, index, places: found }));
}

/** Returns the tie of a node that is one of its places or the declaration of its variable. */
export function tieAt(ties: readonly Tie[], compositions: readonly Composition[], path: BlockPath): Tie | undefined {
  const declared = path.length === 1 ? compositions[path[0]!]?.variable : undefined;
  return ties.find(({ variable, places }) => variable === declared || places.some((place) => samePath(place, path)));
}

/** True if the tie has an earlier place in the same model, which already counts its weights. */
export function isCountedBefore({ places }: Tie, path: BlockPath): boolean {
  const first = places.find((place) => place[0] === path[0]);
  return first !== undefined && path.length > 1 && !samePath(first, path);
}
