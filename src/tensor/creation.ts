/** Creation of tensors. Values that can be computed are computed on the device instead of being uploaded. */
import type { DType } from "../base/dtype";
import { ArgumentError, DeviceMemoryError, ShapeError } from "../base/errors";
import { formatShape, type Shape, sizeOf } from "../base/shape";
import type { Elements } from "../device/backend";
import { defaultDevice } from "../device/open";
import { apply } from "./graph";
import { arangeOp, eyeOp, fillOp } from "./ops/fill";
import { Tensor } from "./tensor";

/** Where a tensor is created, and of which dtype. */
export interface TensorOptions {
  /** Type of the elements: "float32", "int32" or "bool". */
  dtype?: DType;
  /** Name of the device. Defaults to the first of `devices()`, or that of `withDevice`. */
  device?: string;
}

/** Numbers or booleans, nested one level for each axis. */
export type Nested = number | boolean | readonly Nested[];

type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;
/** Values of which `tensor()` makes a tensor. */
export type TensorData = Nested | TypedArray;

function shapeOfNested(data: Nested): number[] {
  const shape: number[] = [];
  for (let level: Nested = data; Array.isArray(level); level = level[0] as Nested) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}

function flattenNested(data: Nested, shape: Shape, depth: number, into: (number | boolean)[]): void {
  if (!Array.isArray(data)) {
    const valid = depth === shape.length && (typeof data === "number" || typeof data === "boolean");
    if (!valid) throw ragged(shape, String(data));
    into.push(data);
    return;
  }
  if (depth >= shape.length || data.length !== shape[depth])
    throw ragged(shape, `a row of length ${data.length} at depth ${depth}`);
  for (const item of data) flattenNested(item, shape, depth + 1, into);
}

function ragged(shape: Shape, got: string): ShapeError {
  return new ShapeError({
    at: "tensor()",
    expected: `numbers or booleans in rows of equal length, ${formatShape(shape)}`,
    got,
  });
}

/** Converts values to the elements that a device stores for a dtype. */
export function toElements(values: ArrayLike<number | boolean | bigint>, dtype: DType): Elements {
  if (dtype === "float32") return values instanceof Float32Array ? values : Float32Array.from(values, Number);
  if (dtype === "bool") return Int32Array.from(values, (value) => (value ? 1 : 0));
  return values instanceof Int32Array ? values : Int32Array.from(values, Number);
}

/**
 * Creates a tensor of `shape` from elements in row-major order.
 * @throws ShapeError if their number does not fit the shape.
 */
export function fromElements(
  values: ArrayLike<number | boolean | bigint>,
  shape: Shape,
  { dtype = "float32", device = defaultDevice() }: TensorOptions = {},
): Tensor {
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError({
      at: "tensor()",
      expected: `${sizeOf(shape)} elements for ${formatShape(shape)}`,
      got: String(values.length),
    });
  }
  return Tensor.allocate(shape, dtype, device, "tensor()").write(toElements(values, dtype));
}

function dtypeOfTyped(data: ArrayBufferView): DType {
  return data instanceof Float32Array || data instanceof Float64Array ? "float32" : "int32";
}

/**
 * A tensor of given values: nested arrays, a number, a boolean, or a typed array.
 *
 * The shape follows the nesting; a typed array has rank 1. `options.shape` overrides it. The dtype defaults to float32
 * for numbers, bool for booleans, float32 for floating-point typed arrays and int32 for integer ones. 64-bit floats are
 * rounded to 32 bits.
 * @throws ShapeError for rows of unequal length, or a shape that does not fit the number of values.
 * @example
 * tensor([[1, 2], [3, 4]]).shape; // => [2, 2]
 * tensor([true, false]).dtype; // => "bool"
 * tensor(new Int32Array([1, 2, 3, 4]), { shape: [2, 2] }); // => [[1, 2], [3, 4]]
 */
export function tensor(
  data: TensorData,
  options: TensorOptions & {
    /** Overrides the shape that follows from the nesting. */
    shape?: Shape;
  } = {},
): Tensor {
  if (ArrayBuffer.isView(data)) {
    return fromElements(data, options.shape ?? [data.length], {
      ...options,
      dtype: options.dtype ?? dtypeOfTyped(data),
    });
  }
  const shape = shapeOfNested(data);
  const flat: (number | boolean)[] = [];
  flattenNested(data, shape, 0, flat);
  const allBooleans = flat.length > 0 && flat.every((value) => typeof value === "boolean");
  return fromElements(flat, options.shape ?? shape, {
    ...options,
    dtype: options.dtype ?? (allBooleans ? "bool" : "float32"),
  });
}

/**
 * A tensor whose every element is `value`.
 *
 * The dtype defaults to bool for a boolean and to float32 for a number. Source: NumPy `full`.
 * @throws ShapeError for lengths that are not whole numbers >= 0, or a rank above 8.
 * @throws DeviceMemoryError if the device cannot store it.
 * @example
 * full([2, 3], 7); // => [[7, 7, 7], [7, 7, 7]]
 */
export function full(shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  const { dtype = typeof value === "boolean" ? "bool" : "float32", device = defaultDevice() } = options;
  return apply(fillOp, [], { shape, dtype, value: Number(value) }, device);
}

/**
 * A tensor whose every element is 0.
 *
 * The dtype defaults to float32. Source: NumPy `zeros`.
 * @throws ShapeError for lengths that are not whole numbers >= 0, or a rank above 8.
 * @throws DeviceMemoryError if the device cannot store it.
 * @example
 * zeros([2, 3]); // => [[0, 0, 0], [0, 0, 0]]
 */
export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  return filled("zeros", shape, 0, options);
}

/**
 * A tensor whose every element is 1.
 *
 * The dtype defaults to float32. Source: NumPy `ones`.
 * @throws ShapeError for lengths that are not whole numbers >= 0, or a rank above 8.
 * @throws DeviceMemoryError if the device cannot store it.
 * @example
 * ones([2, 3], { dtype: "int32" }); // => [[1, 1, 1], [1, 1, 1]]
 */
export function ones(shape: Shape, options?: TensorOptions): Tensor {
  return filled("ones", shape, 1, options);
}

/** As `full`, but a DeviceMemoryError names the public function that was called. */
function filled(name: string, shape: Shape, value: number, options?: TensorOptions): Tensor {
  try {
    return full(shape, value, options);
  } catch (error) {
    throw error instanceof DeviceMemoryError ? new DeviceMemoryError(name, error.needed, error.available) : error;
  }
}

/**
 * The whole numbers from 0 to `n - 1`, in order.
 *
 * $y_i = i$, shape `[n]`. The dtype defaults to int32. Source: NumPy `arange`.
 * @throws ArgumentError unless `n` is a whole number >= 0.
 * @example
 * arange(4); // => [0, 1, 2, 3]
 * arange(3).mul(0.5).add(1); // => [1, 1.5, 2]
 */
export function arange(n: number, { dtype = "int32", device = defaultDevice() }: TensorOptions = {}): Tensor {
  if (!Number.isInteger(n) || n < 0)
    throw new ArgumentError({ at: "arange()", expected: "a whole number >= 0", got: String(n) });
  return apply(arangeOp, [], { shape: [n], dtype }, device);
}

/**
 * The identity matrix.
 *
 * $y_{ij} = 1$ if $i = j$, else 0; shape `[n, n]`. The dtype defaults to float32. Source: NumPy `eye`.
 * @throws ShapeError unless `n` is a whole number >= 0.
 * @example
 * eye(2); // => [[1, 0], [0, 1]]
 */
export function eye(n: number, { dtype = "float32", device = defaultDevice() }: TensorOptions = {}): Tensor {
  return apply(eyeOp, [], { shape: [n, n], dtype }, device);
}
