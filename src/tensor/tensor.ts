import { bytesPerElement, type DataArray, type DType, type DTypeArrays } from "../base/dtype";
import { dueYield, untilCancelled } from "../base/cancel";
import { DeviceMemoryError, DisposedError, ShapeError } from "../base/errors";
import { checkShape, formatShape, type Shape, sizeOf } from "../base/shape";
import type { Backend, Elements, Slot } from "../device/backend";
import { backendOf } from "../device/open";
import { activity } from "./activity";
import type { WorkOrigin } from "./workOrigin";
import { isCollectionDue, collectGarbage } from "./collectGarbage";
import { currentScope, noteUnrecorded, recordingScope, scoped } from "./scope";

/** Node of a recorded graph: how a tensor is computed. `op` is an `Op` of graph.ts. */
export interface Node<O = unknown> {
  readonly op: O;
  readonly inputs: readonly Tensor[];
  readonly attributes: unknown;
  /** The block or parameter, and the phase, that it was recorded for. */
  readonly origin?: WorkOrigin | undefined;
  /** Computes the tensor at once, op by op. */
  compute(result: Tensor): void;
}

/**
 * Reference-counted slot: it is referenced by each tensor that views it, and by the parameter whose value it stores.
 */
export interface Storage {
  /** Backend that allocated the slot. */
  readonly backend: Backend;
  slot: Slot;
  /** Number of tensors and parameters that reference the slot; at 0 it is freed. */
  references: number;
}

function allocateStorage(backend: Backend, shape: Shape, dtype: DType, at: string): Storage {
  return { backend, slot: backend.allocate(sizeOf(shape), dtype, at), references: 0 };
}

/** Releases one reference; the last one frees the slot. */
export function release(storage: Storage): void {
  if (--storage.references === 0) storage.backend.free(storage.slot);
}

/** Frees the storage of handles that were garbage-collected: the last resort behind scopes and `dispose`. */
const dropped = new FinalizationRegistry<Storage>(release);

/** Result of `array()`: nested arrays of numbers, or one number for a scalar. */
export type NestedNumbers = number | NestedNumbers[];

/**
 * Anything that an op accepts as a tensor: a Tensor, or a Parameter in its place. `ops/methods.ts` adds one method for
 * each op.
 */
export abstract class Operand {
  /** Lengths of the axes, outermost first: `[2, 3]`, or `[]` for a scalar. */
  abstract readonly shape: Shape;
  /** Type of the elements: "float32", "int32" or "bool". */
  abstract readonly dtype: DType;
  /** Name of the device that stores the values: "CPU:0" or "GPU:0". */
  abstract readonly device: string;
  /** The tensor itself, or the parameter's value. */
  abstract asTensor(): Tensor;

  /** Number of elements: the product of the shape, 1 for a scalar. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Number of axes: 0 for a scalar, 8 at most. */
  get rank(): number {
    return this.shape.length;
  }

  /** Memory on the device in bytes: 4 for each element, bool included. */
  get bytes(): number {
    return this.size * bytesPerElement;
  }

  /**
   * Reads all elements in row-major order as a typed array.
   *
   * Resolves when the device has computed them: to a Float32Array, an Int32Array, or for bool a Uint8Array of 1 and 0.
   * @throws DisposedError for a freed tensor.
   * @example
   * const x = tensor([[1, 2], [3, 4]]);
   * await x.data(); // => [1, 2, 3, 4]
   */
  data(): Promise<DataArray> {
    return this.asTensor().read();
  }

  /**
   * Reads all elements as nested arrays, one level for each axis; one number for a scalar.
   *
   * Resolves when the device has computed them. bool elements are 1 and 0.
   * @throws DisposedError for a freed tensor.
   * @example
   * await ones([2, 3]).array(); // => [[1, 1, 1], [1, 1, 1]]
   */
  async array(): Promise<NestedNumbers> {
    const elements = await this.data();
    return nest(elements, this.shape);
  }

  /**
   * Reads the single element of a tensor of size 1, whatever its rank.
   * @throws ShapeError for any other size.
   * @throws DisposedError for a freed tensor.
   * @example
   * await tensor([1, 2, 3]).sum().item(); // => 6
   */
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

/**
 * An immutable rectangular array of one dtype on one device, in row-major order.
 *
 * Functions such as `tensor`, `zeros` and `random.normal` create tensors, and ops are methods that return new ones. The
 * dtype is float32, int32 or bool, and the rank is 8 at most. The memory is freed when the scope ends in which the
 * tensor was created (`tidy`, a closure, the call of a block), by `dispose()`, or when the handle is garbage-collected.
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * x.mul(x).sum(); // => 30
 * String(x); // => "Tensor(shape=[2, 2], dtype=float32, device=CPU:0)"
 */
export class Tensor extends Operand {
  readonly [scoped] = true;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly device: string;
  readonly backend: Backend;
  /** How it is computed; only inside a recorded closure. */
  node: Node | undefined;
  /** Undefined while the tensor is pending. */
  private storage: Storage | undefined;
  private freedBy: string | undefined;
  /** The values of a tensor that occupies no device memory. */
  private offloaded: Elements | undefined;

  private constructor(backend: Backend, shape: Shape, dtype: DType, storage?: Storage) {
    super();
    this.shape = Object.isFrozen(shape) ? shape : Object.freeze([...shape]);
    this.dtype = dtype;
    this.backend = backend;
    this.device = backend.device;
    if (storage) this.attach(storage);
    currentScope()?.tensors.add(this);
  }

  /** Allocates a tensor without writing it. `at` names its purpose in the error if memory runs out. */
  static allocate(shape: Shape, dtype: DType, device: string, at: string): Tensor {
    checkShape(shape, at);
    const backend = backendOf(device);
    return new Tensor(backend, shape, dtype, allocateStorage(backend, shape, dtype, at));
  }

  /**
   * Creates a pending tensor. It is computed with the closure that it belongs to, or when it is read.
   * @throws DeviceMemoryError if it exceeds the largest tensor of the device.
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

  /** Creates a tensor of values that are in a storage already. */
  static over(storage: Storage, shape: Shape, dtype: DType): Tensor {
    return new Tensor(storage.backend, shape, dtype, storage);
  }

  /** Returns a view: the same values under another shape of the same size. */
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

  /** True while the tensor is recorded but not computed. */
  get pending(): boolean {
    return this.storage === undefined && this.freedBy === undefined && this.node !== undefined;
  }

  /**
   * Returns the slot with the values. A pending tensor is computed first; values that were set aside are uploaded.
   * @throws DisposedError for a freed tensor.
   */
  slot(): Slot {
    this.checkLive();
    if (this.offloaded) this.restore(this.offloaded);
    this.ensureValues();
    return this.storage!.slot;
  }

  /** Computes a pending tensor. */
  ensureValues(): void {
    if (this.pending) this.node!.compute(this);
  }

  /** @throws DisposedError for a freed tensor. */
  checkLive(): void {
    if (this.freedBy === undefined) return;
    throw new DisposedError({
      at: `Tensor ${formatShape(this.shape)}`,
      expected: "a live tensor",
      got: `one that ${this.freedBy} freed`,
      remedy: "Return it from the closure, or keep it with keep(x).",
    });
  }

  /** Allocates the memory that a pending tensor is computed into. */
  allocate(at: string): void {
    this.attach(allocateStorage(this.backend, this.shape, this.dtype, at));
  }

  /** Makes a pending tensor a view of another, under its own shape. */
  aliasStorage(of: Tensor): void {
    of.slot();
    this.attach(of.storage!);
  }

  /** Adopts a slot in which the values of a pending tensor were computed. */
  adoptSlot(slot: Slot): void {
    this.attach({ backend: this.backend, slot, references: 0 });
  }

  /** Replaces the storage by another one that contains the same values. */
  rebind(storage: Storage): void {
    if (this.storage) this.detach(this.storage);
    this.attach(storage);
  }

  /**
   * Frees the values at once, before the handle is garbage-collected. A second call does nothing.
   * @param by names the caller in the error of a later use
   * @example
   * const x = ones([2]);
   * x.dispose();
   * const error = await x.array().catch(({ name }) => name); // => "DisposedError"
   */
  dispose(by = "dispose()"): void {
    if (this.freedBy !== undefined) return;
    this.freedBy = by;
    this.node = undefined;
    if (!this.offloaded && this.storage) this.detach(this.storage);
    this.offloaded = undefined;
  }

  /**
   * Stores the values here and frees the slot: for results that may never be used again, such as the losses of a long
   * loop. Callers notice no difference.
   */
  offload(elements: Elements): void {
    if (this.freedBy !== undefined || this.offloaded || !this.storage) return;
    this.detach(this.storage);
    this.offloaded = elements;
  }

  private attach(storage: Storage): void {
    this.storage = storage;
    storage.references++;
    dropped.register(this, storage, this);
  }

  private detach(storage: Storage): void {
    dropped.unregister(this);
    release(storage);
  }

  private restore(elements: Elements): void {
    this.allocate("Tensor");
    this.backend.write(this.storage!.slot, elements);
    this.offloaded = undefined;
  }

  /**
   * Copies the values to another device; on its own device it returns the tensor itself.
   *
   * Returns at once. While the copy is under way, only ops that read it wait for it.
   * @throws DeviceError for a device that does not exist.
   * @example
   * const x = ones([2]);
   * x.to("CPU:0") === x; // => true
   */
  to(device: string): Tensor {
    const target = backendOf(device);
    if (target.device === this.device) return this;
    noteUnrecorded("copies values to another device");
    const copy = Tensor.allocate(this.shape, this.dtype, device, `to("${device}")`);
    target.write(copy.slot(), this.backend.read(this.slot()));
    return copy;
  }

  /** Reads all elements: the implementation of `data()`. */
  async read(): Promise<DTypeArrays[DType]> {
    const ready = recordingScope()?.beforeRead?.(this);
    if (ready) await ready;
    const { backend } = this;
    const elements = this.offloaded?.slice() ?? backend.readNow?.(this.slot()) ?? (await this.readDevice());
    if (isCollectionDue(backend)) await collectGarbage(backend);
    const pause = dueYield();
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

  /** Uploads the values of a tensor that was just allocated. */
  write(elements: Elements): this {
    this.backend.write(this.slot(), elements);
    return this;
  }

  override toString(): string {
    return `Tensor(shape=${formatShape(this.shape)}, dtype=${this.dtype}, device=${this.device})`;
  }
}
