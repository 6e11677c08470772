import type { DType } from "../base/dtype";
import { ShapeError } from "../base/errors";
import { formatShape, sameShape, type Shape } from "../base/shape";
import { full, tensor, type TensorData } from "./creation";
import type { Slot } from "../device/backend";
import { currentScope, noteEffect, noteUnrecorded, outsideScopes } from "./scope";
import { setElement } from "./setElement";
import { Operand, release, type Storage, Tensor } from "./tensor";

const owners = new WeakMap<Tensor, Parameter>();

/** The parameter whose value a tensor is. */
export function ownerOf(value: Tensor): Parameter | undefined {
  return owners.get(value);
}

/** Frees the homes of parameters that nothing holds any more. */
const dropped = new FinalizationRegistry<Storage>(release);

/**
 * A named value that a block owns. It may stand wherever a Tensor may. Its value
 * is replaced, never written in place: a Tensor taken from it stays as it is.
 */
export class Parameter extends Operand {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Where it is in its outermost model: `hidden/kernel`. */
  path: string;
  /** False for a frozen parameter, and for a state. */
  trainable: boolean;
  /** The gradient that `valueAndGrad` left, or null. */
  grad: Tensor | null = null;
  /** True while the value is as its initializer drew it. */
  untouched = true;
  private current: Tensor;
  private taken = false;
  /** Where plans read and replace the value in place. */
  private home: Storage | undefined;

  constructor(
    readonly name: string,
    value: Tensor,
    options: { path?: string; trainable?: boolean; state?: boolean } = {},
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

  /** True for what is saved but never trained, such as a running mean. */
  readonly state: boolean;

  get device(): string {
    return this.current.device;
  }

  /** How what is computed for it is named. */
  get label(): string {
    return this.path;
  }

  /** The value now. Later changes of the parameter do not alter it. */
  get value(): Tensor {
    this.taken = true;
    return this.current;
  }

  /** As `value`, for ops, which do not hold it past its replacement. */
  asTensor(): Tensor {
    return this.current;
  }

  /**
   * Replaces the value: by a tensor or nested arrays of the same shape, or one
   * number everywhere. Takes effect at once, on the parameter's device and dtype.
   * Inside a recorded closure a value that is computed there becomes the parameter's when the closure ends.
   * @throws ShapeError for another shape; nothing is changed then.
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

  /** Replaces one element; negative indices count from the end. @throws ShapeError for an index outside. */
  set(index: readonly number[], value: number): void {
    this.replace(outsideScopes(() => setElement(this.current, index, value)));
  }

  /** A copy on another device; on its own device, the value. */
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

  /** Frees the value. The parameter is of no use afterwards. */
  dispose(): void {
    if (!this.taken) this.current.dispose();
    this.leaveHome();
  }

  /** Where plans of this device find it; undefined until one gives it a place. */
  get place(): Slot | undefined {
    return this.home?.backend === this.current.backend ? this.home.slot : undefined;
  }

  /** Gives it a place of its own, which is freed with it. */
  settle(place: Slot): void {
    this.leaveHome();
    this.keepHome(place);
  }

  /**
   * Brings the value to its place, so that a plan may read it there; before a plan that replaces it, tensors that were
   * taken from it get a copy.
   */
  goHome(replaced: boolean): void {
    const home = this.home!;
    const isThere = this.current.slot() === home.slot;
    const holders = home.references - 1;
    if (isThere && !(replaced && (this.taken || holders > 1))) return;
    if (holders > 0) this.leaveCopyBehind(home);
    if (!isThere) this.backend.copy(this.current.slot(), this.home!.slot);
    if (isThere || (replaced && this.taken)) {
      this.become(outsideScopes(() => Tensor.over(this.home!, this.shape, this.dtype)));
      this.taken = false;
    } else {
      // The same object, since a graph that is still recorded may hold it.
      this.current.moveInto(this.home!);
    }
  }

  /** A plan has replaced the value in its place. */
  replacedInPlace(): void {
    this.untouched = false;
  }

  private get backend() {
    return this.current.backend;
  }

  private become(value: Tensor): void {
    this.current = value;
    owners.set(value, this);
  }

  /** Those who hold the place's values keep them in a copy, and the place is the parameter's alone. */
  private leaveCopyBehind(home: Storage): void {
    const { slot } = home;
    const copy = home.backend.alloc(slot.size, slot.dtype, this.path);
    home.backend.copy(slot, copy);
    home.slot = copy;
    this.leaveHome();
    this.keepHome(slot);
  }

  private keepHome(slot: Slot): void {
    this.home = { backend: this.backend, slot, references: 1 };
    dropped.register(this, this.home, this);
  }

  private leaveHome(): void {
    if (!this.home) return;
    dropped.unregister(this);
    release(this.home);
    this.home = undefined;
  }

  private assignRecorded(next: Tensor): void {
    const { current, taken, untouched } = this;
    noteEffect(this, () => {
      this.current = current;
      this.taken = taken;
      this.untouched = untouched;
    });
    this.current = next;
    this.taken = true;
  }

  override toString(): string {
    return `Parameter("${this.path}", shape=${formatShape(this.shape)}, dtype=${this.dtype}, device=${this.device})`;
  }

  private converted(value: Operand | TensorData): Tensor {
    if (typeof value === "number") return full(this.shape, value, { dtype: this.dtype, device: this.device });
    const given =
      value instanceof Operand ? value.asTensor() : tensor(value, { dtype: this.dtype, device: this.device });
    const own = given.cast(this.dtype).to(this.device);
    // A view of its own, so that disposing the given tensor leaves the parameter alone.
    return own === value || (value instanceof Operand && own === value.asTensor()) ? own.view(own.shape) : own;
  }

  private replace(next: Tensor): void {
    noteUnrecorded("assigns values from outside to a parameter");
    const before = this.current;
    this.become(next);
    this.untouched = false;
    if (!this.taken) {
      const scope = currentScope();
      // A recorded graph may still hold the old value: it goes when the closure ends.
      if (scope) scope.tensors.add(before);
      else before.dispose();
    }
    this.taken = false;
  }
}
