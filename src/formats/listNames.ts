import type { FileContents } from "./fileFormat";

/** The name of a list's item in a file that only has names: NumPy's. */
export function listName(index: number): string {
  return `arr_${index}`;
}

/** True if these names, in any order, are exactly those of a list. */
export function areListNames(names: Iterable<string>): boolean {
  const set = new Set(names);
  return set.size > 0 && Array.from({ length: set.size }, (_, index) => listName(index)).every((name) => set.has(name));
}

/** What `load` makes of a file. */
export function structureOf({ tensors, structure }: FileContents): "tensor" | "list" | "dictionary" {
  return structure ?? (areListNames(tensors.keys()) ? "list" : "dictionary");
}
