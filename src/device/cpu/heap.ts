/** The memory that programs in WebAssembly compute in, with an allocator: first fit, neighbours joined when freed. */
import { DeviceMemoryError } from "../../base/errors";
import { workBytes } from "./panels";

/** Pieces begin at multiples of this: a line of the cache. */
const alignment = 64;
/** Behind each piece: vectors may read so far past its end. */
const slack = 64;
const pageBytes = 65_536;
/** What 32-bit addresses reach. */
const mostPages = 65_536;
/** The memory grows by at least so much, since every growth makes new views. */
const fewestPages = 16;

/** From `start` up to `end`, in bytes. */
interface Gap {
  start: number;
  end: number;
}

export class Heap {
  /** Where what it never gives out begins. Address 0 is nothing's. */
  readonly scratch = alignment;
  /** What the addresses are in. Another object after each growth, and all views of the one before are empty then. */
  buffer: ArrayBuffer;
  /** By address, no two side by side. */
  private readonly gaps: Gap[];
  /** Where each piece ends, by its address. */
  private readonly ends = new Map<number, number>();

  /** @param scratch bytes at its beginning that it never gives out: see `scratch` */
  constructor(
    readonly memory: WebAssembly.Memory,
    scratch = 0,
  ) {
    this.buffer = memory.buffer;
    const start = Math.ceil((this.scratch + scratch) / alignment) * alignment;
    this.gaps = [{ start, end: this.buffer.byteLength }];
  }

  /** The address of a new piece. What is in it is not defined. @throws DeviceMemoryError naming `at`. */
  alloc(bytes: number, at: string): number {
    const needed = Math.ceil((bytes + slack) / alignment) * alignment;
    const fits = ({ start, end }: Gap) => end - start >= needed;
    let index = this.gaps.findIndex(fits);
    if (index < 0) {
      this.grow(needed, bytes, at);
      index = this.gaps.findIndex(fits);
    }
    const gap = this.gaps[index]!;
    const address = gap.start;
    gap.start += needed;
    if (gap.start === gap.end) this.gaps.splice(index, 1);
    this.ends.set(address, address + needed);
    return address;
  }

  /** Takes a piece back, once. */
  free(address: number): void {
    const end = this.ends.get(address);
    if (end === undefined) throw new Error(`internal: no piece begins at ${address}`);
    this.ends.delete(address);
    this.addGap({ start: address, end });
  }

  private grow(needed: number, bytes: number, at: string): void {
    const size = this.buffer.byteLength;
    const last = this.gaps.at(-1);
    const present = last?.end === size ? last.end - last.start : 0;
    const pages = Math.ceil((needed - present) / pageBytes);
    if (!this.growsBy(Math.max(pages, fewestPages)) && !this.growsBy(pages)) {
      throw new DeviceMemoryError(at, bytes, Math.max(0, ...this.gaps.map(({ start, end }) => end - start - slack)));
    }
    this.buffer = this.memory.buffer;
    this.addGap({ start: size, end: this.buffer.byteLength });
  }

  private growsBy(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }

  private addGap(gap: Gap): void {
    const found = this.gaps.findIndex(({ start }) => start > gap.start);
    const index = found < 0 ? this.gaps.length : found;
    const [before, after] = [this.gaps[index - 1], this.gaps[index]];
    const touchesBefore = before?.end === gap.start;
    const touchesAfter = after?.start === gap.end;
    if (touchesBefore) gap.start = before.start;
    if (touchesAfter) gap.end = after.end;
    this.gaps.splice(index - (touchesBefore ? 1 : 0), Number(touchesBefore) + Number(touchesAfter), gap);
  }
}

let shared: Heap | null | undefined;

function openHeap(): Heap | null {
  try {
    const pages = Math.ceil(workBytes / pageBytes) + fewestPages;
    return new Heap(new WebAssembly.Memory({ initial: pages, maximum: mostPages }), workBytes);
  } catch {
    return null;
  }
}

/** The one heap of this realm's CPU devices, opened when it is first needed; null where there is no WebAssembly. */
export function sharedHeap(): Heap | null {
  return (shared ??= openHeap());
}
