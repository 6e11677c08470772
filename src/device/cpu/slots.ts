/** Slots of the CPU backend: separate arrays or blocks of the heap. */
import { bytesPerElement, type DType } from "../../base/dtype";
import { DeviceMemoryError } from "../../base/errors";
import type { Slot } from "../backend";
import type { ReferenceArray } from "../shader";
import type { Heap } from "./heap";
import type { Precision } from "./cpuPrecision";

export interface CpuSlot extends Slot {
  /** View of the elements. Do not retain it: a heap slot gets a new view when the heap grows. */
  readonly array: ReferenceArray;
  /** Unique number that changes with the elements. */
  version: number;
  /** Address in the heap in bytes; absent for a separate array. */
  readonly address?: number;
  /** Fills the slot with a copy of `elements`. */
  copyFrom(elements: ReferenceArray): void;
}

/** Constructor of arrays of a dtype. In float64, float32 values are stored in float64. */
export type ArrayKind = Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor;

export function arrayKind(dtype: DType, precision: Precision): ArrayKind {
  if (dtype !== "float32") return Int32Array;
  return precision === "float64" ? Float64Array : Float32Array;
}

/** Up to this number of elements, a loop is faster than a call of `set` or `slice`. */
const smallCopy = 16;

export function copyElements(from: ReferenceArray, to: ReferenceArray): void {
  if (from.length > smallCopy) to.set(from);
  else for (let i = 0; i < from.length; i++) to[i] = from[i]!;
}

let versions = 0;

/** Marks a slot's elements as changed. */
export function markChanged(slot: CpuSlot): void {
  slot.version = ++versions;
}

/**
 * Above this number of elements, an array is allocated eagerly, so that an impossible size fails at the call that
 * requests it.
 */
const eagerAllocationSize = 1 << 22;

/** A slot with a separate array, which is allocated lazily: often it starts as a copy, which saves zeroing it. */
export class ArraySlot implements CpuSlot {
  version = ++versions;
  private backing: ReferenceArray | undefined;

  /** Creates the slot. @throws DeviceMemoryError naming `at`, now or on the lazy allocation. */
  constructor(
    readonly size: number,
    readonly dtype: DType,
    private readonly kind: ArrayKind,
    private readonly at: string,
  ) {
    if (size > eagerAllocationSize) this.backing = this.allocateArray();
  }

  get array(): ReferenceArray {
    return (this.backing ??= this.allocateArray());
  }

  copyFrom(elements: ReferenceArray): void {
    if (!this.backing && elements.length > smallCopy && elements instanceof this.kind) this.backing = elements.slice();
    else copyElements(elements, this.array);
    markChanged(this);
  }

  private allocateArray(): ReferenceArray {
    try {
      return new this.kind(this.size);
    } catch {
      throw new DeviceMemoryError(this.at, this.size * bytesPerElement, 0);
    }
  }
}

/** A slot in the heap, which programs read and write in place. */
export class HeapSlot implements CpuSlot {
  version = ++versions;
  private view: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

  constructor(
    readonly size: number,
    readonly dtype: DType,
    readonly address: number,
    private readonly heap: Heap,
  ) {
    this.view = viewOf(heap, address, size, dtype);
  }

  get array(): ReferenceArray {
    const { heap } = this;
    if (this.view.buffer !== heap.buffer) this.view = viewOf(heap, this.address, this.size, this.dtype);
    return this.view;
  }

  copyFrom(elements: ReferenceArray): void {
    copyElements(elements, this.array);
    markChanged(this);
  }
}

/** Returns a view of a block of the heap. */
export function viewOf(
  { buffer }: Heap,
  address: number,
  size: number,
  dtype: DType,
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  return dtype === "float32" ? new Float32Array(buffer, address, size) : new Int32Array(buffer, address, size);
}
