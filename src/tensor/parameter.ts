import type { DType } from "../base/dtype";
import { ShapeError } from "../base/errors";
import { formatShape, sameShape, type Shape } from "../base/shape";
import { full, tensor, type TensorData } from "./creation";
import { currentScope, outsideScopes } from "./scope";
import { setElement } from "./setElement";
import { Operand, type Tensor } from "./tensor";

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

  constructor(
    readonly name: string,
    value: Tensor,
    options: { path?: string; trainable?: boolean; state?: boolean } = {},
  ) {
    super();
    this.current = value;
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
   * @throws ShapeError for another shape; nothing is changed then.
   */
  assign(value: Operand | TensorData): void {
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
    const before = this.current;
    this.current = next;
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
