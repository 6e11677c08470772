/**
 * How the text of a program refers to the numbers that tell one job from another of the same kind: the offsets of its values,
 * the places of the numbers of a run. As literals they are part of the text. In a table they are a uniform of the dispatch, so
 * that jobs which do the same at other places, such as those of all steps of a recurrent layer, share one pipeline.
 */

/** A number in a program's text. */
export interface Addressing {
  /** @param key equal for uses of the same number: they share an entry. Without one the use has an entry of its own. */
  number(n: number, key?: string): string;
}

export const literals: Addressing = { number: (n) => `${n}u` };

/** The name of the table in WGSL: an array of vectors, since a uniform's elements are 16 bytes apart. */
export const tableName = "places";

/** Entries of a table at most: 16 KiB, which every device binds. What is beyond is written as literals. */
const maxEntries = 4096;

export class AddressTable implements Addressing {
  readonly entries: number[] = [];
  private readonly places = new Map<string, number>();

  number(n: number, key?: string): string {
    const known = key === undefined ? undefined : this.places.get(key);
    if (known === undefined && this.entries.length >= maxEntries) return `${n}u`;
    const place = known ?? this.entries.push(n) - 1;
    if (key !== undefined) this.places.set(key, place);
    return `${tableName}[${place >> 2}].${"xyzw"[place & 3]}`;
  }

  /** Vectors that hold all entries. */
  get vectors(): number {
    return Math.ceil(this.entries.length / 4);
  }
}
