/**
 * The memory that WebAssembly programs compute in, with a first-fit allocator that merges neighbouring gaps on release.
 */
import { DeviceMemoryError } from "../../base/errors";
import { scratchBytes } from "./matmul/panels";

/** Blocks are aligned to a cache line. */
const alignment = 64;
/** Padding after each block, because vector loads may read this many bytes past its end. */
const slack = 64;
const pageBytes = 65_536;
/** Limit of 32-bit addresses. */
const maxPages = 65_536;
/** Smallest growth, because every growth invalidates all views. */
const minPages = 16;

/** A free range in bytes, from `start` up to but not including `end`. */
interface Gap {
  start: number;
  end: number;
}

export class Heap {
  /** Start of the reserved range, which `alloc` never returns. Address 0 is left unused. */
  readonly scratch = alignment;
  /** The current buffer. Each growth replaces it and detaches all views of the previous one. */
  buffer: ArrayBuffer;
  /** Sorted by address; adjacent gaps are merged. */
  private readonly gaps: Gap[];
  /** End of each allocated block, by its address. */
  private readonly ends = new Map<number, number>();

  /** @param scratch bytes reserved at `scratch` */
  constructor(
    readonly memory: WebAssembly.Memory,
    scratch = 0,
  ) {
    this.buffer = memory.buffer;
    const start = Math.ceil((this.scratch + scratch) / alignment) * alignment;
    this.gaps = [{ start, end: this.buffer.byteLength }];
  }

  /** Allocates a block and returns its address. Its contents are undefined. @throws DeviceMemoryError naming `at`. */
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

  /** Frees a block. @throws Error (internal) if no block begins at the address. */
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
    if (!this.growsBy(Math.max(pages, minPages)) && !this.growsBy(pages)) {
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
    const pages = Math.ceil(scratchBytes / pageBytes) + minPages;
    return new Heap(new WebAssembly.Memory({ initial: pages, maximum: maxPages }), scratchBytes);
  } catch {
    return null;
  }
}

/** The heap shared by this realm's CPU devices, created on first use; null without WebAssembly. */
export function sharedHeap(): Heap | null {
  return (shared ??= openHeap());
}
