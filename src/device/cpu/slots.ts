/** Slots of the CPU backend: arrays of their own, or pieces of the heap. */
import { bytesPerElement, type DType } from "../../base/dtype";
import { DeviceMemoryError } from "../../base/errors";
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
  /** Fills it with a copy of elements. */
  hold(elements: ReferenceArray): void;
}

/** What makes arrays of a dtype. `wide`: float32 values are held in float64. */
export type ArrayKind = Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor;

export function arrayKind(dtype: DType, wide: boolean): ArrayKind {
  if (dtype !== "float32") return Int32Array;
  return wide ? Float64Array : Float32Array;
}

/** Elements that a loop copies sooner than a call of `set` or `slice` begins. */
const few = 16;

export function copyElements(from: ReferenceArray, to: ReferenceArray): void {
  if (from.length > few) to.set(from);
  else for (let i = 0; i < from.length; i++) to[i] = from[i]!;
}

let stamps = 0;

/** Says that a slot's elements have changed. */
export function touch(slot: CpuSlot): void {
  slot.stamp = ++stamps;
}

/** Beyond so many elements an array is made at once, so that one that is impossible is refused where it is asked for. */
const many = 1 << 22;

/** A slot whose array goes with it. It is made when it is first needed: often as a copy, which need not be zeros before. */
export class ArraySlot implements CpuSlot {
  stamp = ++stamps;
  private own: ReferenceArray | undefined;

  /** @throws DeviceMemoryError naming `at`, now or when the array is needed. */
  constructor(
    readonly size: number,
    readonly dtype: DType,
    private readonly kind: ArrayKind,
    private readonly at: string,
  ) {
    if (size > many) this.own = this.make();
  }

  get array(): ReferenceArray {
    return (this.own ??= this.make());
  }

  hold(elements: ReferenceArray): void {
    if (!this.own && elements.length > few && elements instanceof this.kind) this.own = elements.slice();
    else copyElements(elements, this.array);
    touch(this);
  }

  private make(): ReferenceArray {
    try {
      return new this.kind(this.size);
    } catch {
      throw new DeviceMemoryError(this.at, this.size * bytesPerElement, 0);
    }
  }
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

  hold(elements: ReferenceArray): void {
    copyElements(elements, this.array);
    touch(this);
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
