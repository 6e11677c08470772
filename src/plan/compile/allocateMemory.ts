/** Assigns values their places in a program's memory. A place is reused once nothing reads its value any more. */
import { type Job, memoryAlignment, type ValueLocation, type ValueId } from "../../device/program";
import type { LoweredValue } from "./lower";

interface Lifetime {
  readonly job: Job;
  readonly level: number;
  readonly results: ReadonlySet<ValueId>;
  readonly reads: ReadonlySet<ValueId>;
}

export interface MemoryRequest {
  readonly values: readonly LoweredValue[];
  /** Extended by this function. Values that already have a place keep it. */
  readonly locations: Map<ValueId, ValueLocation>;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly lifetimes: readonly Lifetime[];
}

interface Allocation {
  offset: number;
  end: number;
  /** The last level that reads it. */
  until: number;
}

function aligned(size: number): number {
  return Math.max(1, Math.ceil(size / memoryAlignment)) * memoryAlignment;
}

/** Blocks that are still in use, by offset. */
class LiveAllocations {
  private list: Allocation[] = [];
  private level = -1;

  /** Places a block in the lowest gap that fits and returns its offset. Levels must not decrease from call to call. */
  add(size: number, level: number, until: number): number {
    if (level > this.level) this.list = this.list.filter((block) => block.until >= level);
    this.level = level;
    let offset = 0;
    let place = 0;
    for (; place < this.list.length; place++) {
      const block = this.list[place]!;
      if (block.offset - offset >= size) break;
      offset = block.end;
    }
    this.list.splice(place, 0, { offset, end: offset + size, until });
    return offset;
  }
}

/** Assigns the missing places and returns the number of elements that all values occupy. */
export function allocateMemory({ values, locations, inputs, outputs, lifetimes }: MemoryRequest): number {
  const lastRead = new Map<ValueId, number>();
  for (const { level, reads } of lifetimes)
    for (const value of reads) lastRead.set(value, Math.max(level, lastRead.get(value) ?? -1));
  for (const value of [...inputs, ...outputs]) lastRead.set(value, Infinity);
  let size = 0;
  const blocks = new LiveAllocations();
  const give = (value: ValueId, level: number) => {
    if (locations.has(value)) return;
    const needed = aligned(values[value]!.size);
    const offset = blocks.add(needed, level, lastRead.get(value) ?? level);
    locations.set(value, { kind: "memory", offset });
    size = Math.max(size, offset + needed);
  };
  for (const value of inputs) give(value, -1);
  for (const { level, results } of lifetimes.toSorted((a, b) => a.level - b.level))
    for (const value of results) give(value, level);
  return size;
}
