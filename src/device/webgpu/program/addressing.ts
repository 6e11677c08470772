/**
 * Defines how a program's code refers to the numbers that distinguish jobs of the same kind: offsets of values, positions
 * of per-run numbers, sizes. A literal is part of the code. A table entry is read from a uniform of the dispatch, so that
 * jobs which do the same at other offsets, such as the time steps of a recurrent layer, share one pipeline.
 */

/** Emits numbers in a program's code. */
export interface Addressing {
  /** @param key uses with an equal key share one entry; a use without a key gets an entry of its own */
  number(n: number, key?: string): string;
}

export const literals: Addressing = { number: (n) => `${n}u` };

/** Name of the table in WGSL. It is an array of vectors, because the elements of a uniform array are 16 bytes apart. */
export const tableName = "places";

/**
 * Maximum number of entries in a table: 16 KiB, which every device can bind. Further numbers are emitted as literals.
 */
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

  /** Number of vectors that contain all entries. */
  get vectors(): number {
    return Math.ceil(this.entries.length / 4);
  }
}
