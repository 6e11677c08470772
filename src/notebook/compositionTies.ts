/** Blocks that stand in more than one place: one variable, one set of weights. */
import { type BlockPath, type Composition, samePath, walkCompositions } from "./compositionTree";
import { isVariableName } from "./compositionFields";

export interface Tie {
  variable: string;
  /** Which tie of the cell, from 0. */
  index: number;
  /** Where the variable stands as a block, from the top. */
  places: BlockPath[];
}

/** The variables that stand as a block in two or more places of a cell, in the order of their first place. */
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

/** The tie that a node belongs to: a place of it, or the declaration of its variable. */
export function tieAt(ties: readonly Tie[], compositions: readonly Composition[], path: BlockPath): Tie | undefined {
  const declared = path.length === 1 ? compositions[path[0]!]?.variable : undefined;
  return ties.find(({ variable, places }) => variable === declared || places.some((place) => samePath(place, path)));
}

/** True for a place of a tie that has an earlier one in the same model, where its weights are counted. */
export function isCountedBefore({ places }: Tie, path: BlockPath): boolean {
  const first = places.find((place) => place[0] === path[0]);
  return first !== undefined && path.length > 1 && !samePath(first, path);
}
