import { bytesPerElement, type DataArray, type DType, type DTypeArrays } from "../base/dtype";
import { breathingSpace, untilCancelled } from "../base/cancel";
import { DeviceMemoryError, DisposedError, ShapeError } from "../base/errors";
import { checkShape, formatShape, type Shape, sizeOf } from "../base/shape";
import type { Backend, Elements, Slot } from "../device/backend";
import { backendOf } from "../device/open";
import { activity } from "./activity";
import type { Origin } from "./origin";
import { isReliefDue, relieve } from "./relief";
import { currentScope, noteUnrecorded, recordingScope, scoped } from "./scope";

/** How a tensor is made, inside a recorded closure; `op` is an `Op` of graph.ts. */
export interface Node<O = unknown> {
  readonly op: O;
  readonly inputs: readonly Tensor[];
  readonly attributes: unknown;
  /** What it is recorded for. */
  readonly origin?: Origin | undefined;
  /** Computes it now, op by op. */
  compute(result: Tensor): void;
}

/** A slot and how many hold it: tensors that view it, and the parameter that keeps its values there. */
export interface Storage {
  readonly backend: Backend;
  slot: Slot;
  references: number;
}

function newStorage(backend: Backend, shape: Shape, dtype: DType, at: string): Storage {
  return { backend, slot: backend.alloc(sizeOf(shape), dtype, at), references: 0 };
}

/** Lets go of a storage; the last to do so frees it. */
export function release(storage: Storage): void {
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
  data(): Promise<DataArray> {
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
  readonly backend: Backend;
  /** How it is made, inside a recorded closure. */
  node: Node | undefined;
  /** Absent while it is only recorded. */
  private storage: Storage | undefined;
  private freedBy: string | undefined;
  /** The values of a tensor that holds no device memory. */
  private aside: Elements | undefined;

  private constructor(backend: Backend, shape: Shape, dtype: DType, storage?: Storage) {
    super();
    this.shape = Object.isFrozen(shape) ? shape : Object.freeze([...shape]);
    this.dtype = dtype;
    this.backend = backend;
    this.device = backend.device;
    if (storage) this.hold(storage);
    currentScope()?.tensors.add(this);
  }

  /** An unwritten tensor. `at` names what it is for, should there be no memory. */
  static allocate(shape: Shape, dtype: DType, device: string, at: string): Tensor {
    checkShape(shape, at);
    const backend = backendOf(device);
    return new Tensor(backend, shape, dtype, newStorage(backend, shape, dtype, at));
  }

  /**
   * A tensor that is only recorded: it is computed with the closure that it belongs to, or when it is read.
   * @throws DeviceMemoryError where no device could hold it.
   */
  static recorded(shape: Shape, dtype: DType, device: string, node: Node, at: string): Tensor {
    checkShape(shape, at);
    const backend = backendOf(device);
    const bytes = sizeOf(shape) * bytesPerElement;
    if (bytes > backend.limits.maxTensorBytes) throw new DeviceMemoryError(at, bytes, backend.limits.maxTensorBytes);
    const tensor = new Tensor(backend, shape, dtype);
    tensor.node = node;
    return tensor;
  }

  /** A tensor of values that are in a storage already. */
  static over(storage: Storage, shape: Shape, dtype: DType): Tensor {
    return new Tensor(storage.backend, shape, dtype, storage);
  }

  /** The same values under another shape of the same size. Nothing is copied. */
  view(shape: Shape): Tensor {
    this.slot();
    return new Tensor(this.backend, shape, this.dtype, this.storage);
  }

  asTensor(): Tensor {
    return this;
  }

  get disposed(): boolean {
    return this.freedBy !== undefined;
  }

  /** True while it is only recorded, so that it has no values yet. */
  get pending(): boolean {
    return this.storage === undefined && this.freedBy === undefined && this.node !== undefined;
  }

  /** Where the values are; recorded ones are computed, those set aside written back. @throws DisposedError if it was freed. */
  slot(): Slot {
    this.checkLive();
    if (this.aside) this.writeBack(this.aside);
    this.ensureValues();
    return this.storage!.slot;
  }

  ensureValues(): void {
    if (this.pending) this.node!.compute(this);
  }

  /** @throws DisposedError if it was freed. */
  checkLive(): void {
    if (this.freedBy === undefined) return;
    throw new DisposedError({
      at: `Tensor ${formatShape(this.shape)}`,
      expected: "a live tensor",
      got: `one that ${this.freedBy} freed`,
      remedy: "Return it from the closure, or keep it with keep(x).",
    });
  }

  /** Gives a recorded tensor memory to be computed into. */
  allocate(at: string): void {
    this.hold(newStorage(this.backend, this.shape, this.dtype, at));
  }

  /** Lets a recorded tensor be another's values under its own shape. */
  shareValues(of: Tensor): void {
    of.slot();
    this.hold(of.storage!);
  }

  /** Leaves a recorded tensor's values in a slot that was computed for it. */
  settle(slot: Slot): void {
    this.hold({ backend: this.backend, slot, references: 0 });
  }

  /** Lets another storage hold the values, which has the same. */
  moveInto(storage: Storage): void {
    if (this.storage) this.letGo(this.storage);
    this.hold(storage);
  }

  /** Frees the values now, rather than when nothing holds the handle any more. Calling it again does nothing. */
  dispose(by = "dispose()"): void {
    if (this.freedBy !== undefined) return;
    this.freedBy = by;
    this.node = undefined;
    if (!this.aside && this.storage) this.letGo(this.storage);
    this.aside = undefined;
  }

  /**
   * Keeps the values here and frees the device's copy: for results that may never
   * be used again, such as the losses of a long loop. To all else the tensor stays as it is.
   */
  setAside(elements: Elements): void {
    if (this.freedBy !== undefined || this.aside || !this.storage) return;
    this.letGo(this.storage);
    this.aside = elements;
  }

  private hold(storage: Storage): void {
    this.storage = storage;
    storage.references++;
    dropped.register(this, storage, this);
  }

  private letGo(storage: Storage): void {
    dropped.unregister(this);
    release(storage);
  }

  private writeBack(elements: Elements): void {
    this.allocate("Tensor");
    this.backend.write(this.storage!.slot, elements);
    this.aside = undefined;
  }

  /**
   * The same values on another device; on the device it is on, the same object.
   * Returns at once: a copy that is on its way holds back only what reads it.
   */
  to(device: string): Tensor {
    const target = backendOf(device);
    if (target.device === this.device) return this;
    noteUnrecorded("copies values to another device");
    const copy = Tensor.allocate(this.shape, this.dtype, device, `to("${device}")`);
    target.write(copy.slot(), this.backend.read(this.slot()));
    return copy;
  }

  async read(): Promise<DTypeArrays[DType]> {
    const ready = recordingScope()?.beforeRead?.(this);
    if (ready) await ready;
    const { backend } = this;
    const elements = this.aside?.slice() ?? backend.readNow?.(this.slot()) ?? (await this.readDevice());
    if (isReliefDue(backend)) await relieve(backend);
    const pause = breathingSpace();
    if (pause) await pause;
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
