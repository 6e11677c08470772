import { bytesPerElement, type DataArray, type DType, type DTypeArrays } from "../base/dtype";
import { breathe, untilCancelled } from "../base/cancel";
import { DisposedError, ShapeError } from "../base/errors";
import { checkShape, formatShape, type Shape, sizeOf } from "../base/shape";
import type { Backend, Elements, Slot } from "../device/backend";
import { backendOf } from "../device/open";
import { activity } from "./activity";
import { relieve } from "./relief";
import { currentScope, scoped } from "./scope";

/** How a tensor was made, inside a recorded closure; `op` is an `Op` of graph.ts. */
export interface Node<O = unknown> {
  readonly op: O;
  readonly inputs: readonly Tensor[];
  readonly attributes: unknown;
}

/** A slot and how many tensors view it. */
export interface Storage {
  readonly backend: Backend;
  readonly slot: Slot;
  references: number;
}

function release(storage: Storage): void {
  if (--storage.references === 0) storage.backend.free(storage.slot);
}

/** Frees what dropped handles held: the last resort behind scopes and `dispose`. */
const dropped = new FinalizationRegistry<Storage>(release);

/** What `array()` resolves to: nested arrays of numbers, or one number for a scalar. */
export type NestedNumbers = number | NestedNumbers[];

/**
 * What ops take: a Tensor, or a Parameter in its place. The ops' own file
 * (`ops/methods.ts`) gives this class one method for each op.
 */
export abstract class Operand {
  abstract readonly shape: Shape;
  abstract readonly dtype: DType;
  /** `CPU:0`, `GPU:0`. */
  abstract readonly device: string;
  /** The values themselves. */
  abstract asTensor(): Tensor;

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Bytes on its device (a bool takes 4 there). */
  get bytes(): number {
    return this.size * bytesPerElement;
  }

  /** All elements in row-major order. Waits for the device. @throws DisposedError for a freed tensor. */
  async data(): Promise<DataArray> {
    return this.asTensor().read();
  }

  /** All elements as nested arrays, one level an axis. */
  async array(): Promise<NestedNumbers> {
    const elements = await this.data();
    return nest(elements, this.shape);
  }

  /** The one element of a tensor of size 1. @throws ShapeError for any other size. */
  async item(): Promise<number> {
    if (this.size !== 1) {
      throw new ShapeError({
        at: "item()",
        expected: "a tensor of size 1",
        got: formatShape(this.shape),
        remedy: "Use data() or array().",
      });
    }
    return Number((await this.data())[0]);
  }
}

function nest(elements: DataArray, shape: Shape): NestedNumbers {
  if (shape.length === 0) return elements[0]!;
  const [length, ...inner] = shape as [number, ...number[]];
  const step = sizeOf(inner);
  return Array.from({ length }, (_, index) => nest(elements.subarray(index * step, (index + 1) * step), inner));
}

/** An immutable array of one dtype on one device, row-major. */
export class Tensor extends Operand {
  readonly [scoped] = true;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly device: string;
  /** How it was made, inside a recorded closure. */
  node: Node | undefined;
  private freedBy: string | undefined;
  /** The values of a tensor that holds no device memory. */
  private aside: Elements | undefined;

  constructor(
    private storage: Storage,
    shape: Shape,
    dtype: DType,
  ) {
    super();
    this.shape = Object.freeze([...shape]);
    this.dtype = dtype;
    this.device = storage.backend.device;
    storage.references++;
    dropped.register(this, storage, this);
    currentScope()?.tensors.add(this);
  }

  /** An unwritten tensor. `at` names what it is for, should there be no memory. */
  static allocate(shape: Shape, dtype: DType, device: string, at: string): Tensor {
    checkShape(shape, at);
    const backend = backendOf(device);
    return new Tensor({ backend, slot: backend.alloc(sizeOf(shape), dtype, at), references: 0 }, shape, dtype);
  }

  /** The same values under another shape of the same size. Nothing is copied. */
  view(shape: Shape): Tensor {
    this.slot();
    return new Tensor(this.storage, shape, this.dtype);
  }

  asTensor(): Tensor {
    return this;
  }

  get disposed(): boolean {
    return this.freedBy !== undefined;
  }

  /** Where the values are; those of a tensor that was set aside are written back. @throws DisposedError if it was freed. */
  slot(): Slot {
    if (this.aside) this.writeBack(this.aside);
    if (this.freedBy === undefined) return this.storage.slot;
    throw new DisposedError({
      at: `Tensor ${formatShape(this.shape)}`,
      expected: "a live tensor",
      got: `one that ${this.freedBy} freed`,
      remedy: "Return it from the closure, or keep it with keep(x).",
    });
  }

  get backend(): Backend {
    return this.storage.backend;
  }

  /** Frees the values now, rather than when nothing holds the handle any more. Calling it again does nothing. */
  dispose(by = "dispose()"): void {
    if (this.freedBy !== undefined) return;
    this.freedBy = by;
    this.node = undefined;
    if (!this.aside) this.letGo();
    this.aside = undefined;
  }

  /**
   * Keeps the values here and frees the device's copy: for results that may never
   * be used again, such as the losses of a long loop. To all else the tensor stays as it is.
   */
  setAside(elements: Elements): void {
    if (this.freedBy !== undefined || this.aside) return;
    this.letGo();
    this.aside = elements;
  }

  private letGo(): void {
    dropped.unregister(this);
    release(this.storage);
  }

  private writeBack(elements: Elements): void {
    const { backend } = this.storage;
    this.storage = { backend, slot: backend.alloc(this.size, this.dtype, "Tensor"), references: 1 };
    dropped.register(this, this.storage, this);
    backend.write(this.storage.slot, elements);
    this.aside = undefined;
  }

  /**
   * The same values on another device; on the device it is on, the same object.
   * Returns at once: a copy that is on its way holds back only what reads it.
   */
  to(device: string): Tensor {
    const target = backendOf(device);
    if (target.device === this.device) return this;
    const copy = Tensor.allocate(this.shape, this.dtype, device, `to("${device}")`);
    target.write(copy.slot(), this.backend.read(this.slot()));
    return copy;
  }

  async read(): Promise<DTypeArrays[DType]> {
    const elements = this.aside?.slice() ?? (await this.readDevice());
    await relieve(this.backend);
    await breathe();
    return this.dtype === "bool" ? Uint8Array.from(elements) : elements;
  }

  private async readDevice(): Promise<Elements> {
    const slot = this.slot();
    activity.pendingReads++;
    try {
      return await untilCancelled(this.backend.read(slot));
    } finally {
      activity.pendingReads--;
    }
  }

  /** Fills a tensor that was just allocated. */
  write(elements: Elements): this {
    this.backend.write(this.slot(), elements);
    return this;
  }

  override toString(): string {
    return `Tensor(shape=${formatShape(this.shape)}, dtype=${this.dtype}, device=${this.device})`;
  }
}
