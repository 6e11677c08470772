import type { FileContents } from "./fileFormat";

/** Returns NumPy's name for an item of a list, for files that only have names. */
export function listName(index: number): string {
  return `arr_${index}`;
}

/** True if these names, in any order, are exactly the names of a list. */
export function areListNames(names: Iterable<string>): boolean {
  const set = new Set(names);
  return set.size > 0 && Array.from({ length: set.size }, (_, index) => listName(index)).every((name) => set.has(name));
}

/** Returns the structure that `load` builds from a file. */
export function structureOf({ tensors, structure }: FileContents): "tensor" | "list" | "dictionary" {
  return structure ?? (areListNames(tensors.keys()) ? "list" : "dictionary");
}
