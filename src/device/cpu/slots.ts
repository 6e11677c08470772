/** Slots of the CPU backend: arrays of their own, or pieces of the heap. */
import type { DType } from "../../base/dtype";
import type { Slot } from "../backend";
import type { ReferenceArray } from "../shader";
import type { Heap } from "./heap";

export interface CpuSlot extends Slot {
  /** Its elements as they lie now. Not to be held: a piece of the heap gets another view when the heap grows. */
  readonly array: ReferenceArray;
  /** Another number whenever its elements change. */
  stamp: number;
  /** Where it is in the heap, in bytes; absent where it has an array of its own. */
  readonly address?: number;
}

let stamps = 0;

/** Says that a slot's elements have changed. */
export function touch(slot: CpuSlot): void {
  slot.stamp = ++stamps;
}

/** A slot whose array goes with it. */
export class ArraySlot implements CpuSlot {
  stamp = ++stamps;

  constructor(
    readonly size: number,
    readonly dtype: DType,
    readonly array: ReferenceArray,
  ) {}
}

/** A piece of the heap, which programs read and write where it is. */
export class HeapSlot implements CpuSlot {
  stamp = ++stamps;
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
}

/** The elements of a piece of the heap. */
export function viewOf(
  { buffer }: Heap,
  address: number,
  size: number,
  dtype: DType,
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  return dtype === "float32" ? new Float32Array(buffer, address, size) : new Int32Array(buffer, address, size);
}
