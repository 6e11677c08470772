import type { DType } from "../base/dtype";
import { ShapeError } from "../base/errors";
import { formatShape, sameShape, type Shape } from "../base/shape";
import { full, tensor, type TensorData } from "./creation";
import type { Slot } from "../device/backend";
import { currentScope, noteEffect, noteUnrecorded, outsideScopes } from "./scope";
import { setElement } from "./setElement";
import { Operand, release, type Storage, Tensor } from "./tensor";

const owners = new WeakMap<Tensor, Parameter>();

/** Returns the parameter that a tensor is the current value of. */
export function ownerOf(value: Tensor): Parameter | undefined {
  return owners.get(value);
}

/** Frees the homes of parameters that were garbage-collected. */
const dropped = new FinalizationRegistry<Storage>(release);

/**
 * A named persistent tensor of a block: a trainable parameter, or a state. It is accepted wherever a tensor is.
 *
 * The value is replaced, never written in place: a tensor read from `value` stays as it is. Blocks create parameters by
 * `addWeight`.
 * @example
 * const w = new Parameter("w", tensor([1, 2]));
 * w.mul(3); // => [3, 6]
 * w.assign(0);
 * w; // => [0, 0]
 */
export class Parameter extends Operand {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Unique name within the outermost model, such as `hidden/kernel`. */
  path: string;
  /** False for a frozen parameter, and for a state. */
  trainable: boolean;
  /** The gradient that the last `valueAndGrad` computed, or null. */
  grad: Tensor | null = null;
  /** True until the value that the initializer drew is replaced. */
  untouched = true;
  private current: Tensor;
  private isShared = false;
  /** The storage in which plans read and replace the value in place. */
  private planStorage: Storage | undefined;

  constructor(
    /** Name within its block, such as `kernel`. */
    readonly name: string,
    value: Tensor,
    options: {
      /** Unique name within the outermost model. Defaults to the name. */
      path?: string;
      /** Defaults to true, and to false for a state. */
      trainable?: boolean;
      /** True for a tensor that is saved but not trained. Default false. */
      state?: boolean;
    } = {},
  ) {
    super();
    this.current = value;
    owners.set(value, this);
    this.shape = value.shape;
    this.dtype = value.dtype;
    this.path = options.path ?? name;
    this.state = options.state ?? false;
    this.trainable = options.trainable ?? !this.state;
  }

  /** True for a state: saved but never trained, such as a running mean. */
  readonly state: boolean;

  /** Name of the device that stores the value: "CPU:0" or "GPU:0". */
  get device(): string {
    return this.current.device;
  }

  /** Name of the parameter in errors and plans: its path. */
  get label(): string {
    return this.path;
  }

  /** The current value as a tensor, which later changes of the parameter do not alter. */
  get value(): Tensor {
    this.isShared = true;
    return this.current;
  }

  /** As `value`, for ops, which do not retain it past its replacement. */
  asTensor(): Tensor {
    return this.current;
  }

  /**
   * Replaces the value by a tensor or nested arrays of the same shape, or by one number everywhere.
   *
   * Takes effect at once; the new value is converted to the parameter's device and dtype. Inside a recorded closure, a
   * value that is computed there is assigned when the closure ends.
   * @throws ShapeError for another shape; the value is then unchanged.
   * @example
   * const w = new Parameter("w", zeros([2]));
   * w.assign([1, 2]);
   * w; // => [1, 2]
   * w.assign(w.mul(10));
   * w; // => [10, 20]
   */
  assign(value: Operand | TensorData): void {
    if (value instanceof Operand && value.asTensor().pending && sameShape(value.shape, this.shape)) {
      this.assignRecorded(value.asTensor().cast(this.dtype));
      return;
    }
    const next = outsideScopes(() => this.converted(value));
    if (!sameShape(next.shape, this.shape)) {
      throw new ShapeError({
        at: `${this.path}.assign()`,
        expected: formatShape(this.shape),
        got: formatShape(next.shape),
      });
    }
    this.replace(next);
  }

  /**
   * Replaces one element; negative indices count from the end.
   * @throws ShapeError for an index outside the shape.
   * @example
   * const w = new Parameter("w", zeros([2, 2]));
   * w.set([0, -1], 5);
   * w; // => [[0, 5], [0, 0]]
   */
  set(index: readonly number[], value: number): void {
    this.replace(outsideScopes(() => setElement(this.current, index, value)));
  }

  /**
   * Copies the value to another device; on its own device it returns the value.
   * @throws DeviceError for a device that does not exist.
   * @example
   * const w = new Parameter("w", ones([2]));
   * w.to("CPU:0"); // => [1, 1]
   */
  to(device: string): Tensor {
    return this.value.to(device);
  }

  /** Moves the parameter itself to a device. */
  moveTo(device: string): void {
    if (device === this.device) return;
    const { untouched } = this;
    this.replace(outsideScopes(() => this.current.to(device)));
    this.untouched = untouched;
  }

  /**
   * Frees the value. The parameter must not be used afterwards.
   * @example
   * const w = new Parameter("w", ones([2]));
   * w.dispose();
   * const error = await w.array().catch(({ name }) => name); // => "DisposedError"
   */
  dispose(): void {
    if (!this.isShared) this.current.dispose();
    this.releasePlanStorage();
  }

  /** The slot in which plans of this device find the value; undefined until a plan assigns one. */
  get planSlot(): Slot | undefined {
    return this.planStorage?.backend === this.current.backend ? this.planStorage.slot : undefined;
  }

  /** Assigns a slot for plans, which is freed with the parameter. */
  assignPlanSlot(place: Slot): void {
    this.releasePlanStorage();
    this.setPlanStorage(place);
  }

  /**
   * Moves the value into its slot, so that a plan can read it there. If the plan replaces it, tensors that were read
   * from the parameter get a copy first.
   */
  moveToPlanSlot(replaced: boolean): void {
    const home = this.planStorage!;
    const isThere = this.current.slot() === home.slot;
    const holders = home.references - 1;
    if (isThere && !(replaced && (this.isShared || holders > 1))) return;
    if (holders > 0) this.copyForAliases(home);
    if (!isThere) this.backend.copy(this.current.slot(), this.planStorage!.slot);
    if (isThere || (replaced && this.isShared)) {
      this.setCurrent(outsideScopes(() => Tensor.over(this.planStorage!, this.shape, this.dtype)));
      this.isShared = false;
    } else {
      // Keeps the object, because a graph that is being recorded may reference it.
      this.current.rebind(this.planStorage!);
    }
  }

  /** Notes that a plan has replaced the value in its slot. */
  markReplaced(): void {
    this.untouched = false;
  }

  private get backend() {
    return this.current.backend;
  }

  private setCurrent(value: Tensor): void {
    this.current = value;
    owners.set(value, this);
  }

  /** Copies the values for the tensors that share the slot, so that the slot belongs to the parameter alone. */
  private copyForAliases(home: Storage): void {
    const { slot } = home;
    const copy = home.backend.allocate(slot.size, slot.dtype, this.path);
    home.backend.copy(slot, copy);
    home.slot = copy;
    this.releasePlanStorage();
    this.setPlanStorage(slot);
  }

  private setPlanStorage(slot: Slot): void {
    this.planStorage = { backend: this.backend, slot, references: 1 };
    dropped.register(this, this.planStorage, this);
  }

  private releasePlanStorage(): void {
    if (!this.planStorage) return;
    dropped.unregister(this);
    release(this.planStorage);
    this.planStorage = undefined;
  }

  private assignRecorded(next: Tensor): void {
    const { current, isShared, untouched } = this;
    noteEffect(this, () => {
      this.current = current;
      this.isShared = isShared;
      this.untouched = untouched;
    });
    this.current = next;
    this.isShared = true;
  }

  override toString(): string {
    return `Parameter("${this.path}", shape=${formatShape(this.shape)}, dtype=${this.dtype}, device=${this.device})`;
  }

  private converted(value: Operand | TensorData): Tensor {
    if (typeof value === "number") return full(this.shape, value, { dtype: this.dtype, device: this.device });
    const given =
      value instanceof Operand ? value.asTensor() : tensor(value, { dtype: this.dtype, device: this.device });
    const own = given.cast(this.dtype).to(this.device);
    // A separate view, so that disposing the given tensor does not affect the parameter.
    return own === value || (value instanceof Operand && own === value.asTensor()) ? own.view(own.shape) : own;
  }

  private replace(next: Tensor): void {
    noteUnrecorded("assigns values from outside to a parameter");
    const before = this.current;
    this.setCurrent(next);
    this.untouched = false;
    if (!this.isShared) {
      const scope = currentScope();
      // A recorded graph may still reference the old value, which is freed when the closure ends.
      if (scope) scope.tensors.add(before);
      else before.dispose();
    }
    this.isShared = false;
  }
}
