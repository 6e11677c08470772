/** Tensors from numbers. What can be computed is computed on the device; nothing is drawn here and uploaded. */
import type { DType } from "../base/dtype";
import { ArgumentError, DeviceMemoryError, ShapeError } from "../base/errors";
import { formatShape, type Shape, sizeOf } from "../base/shape";
import type { Elements } from "../device/backend";
import { defaultDevice } from "../device/open";
import { apply } from "./graph";
import { arangeOp, eyeOp, fillOp } from "./ops/fill";
import { Tensor } from "./tensor";

export interface TensorOptions {
  dtype?: DType;
  device?: string;
}

/** Numbers or booleans, nested one level an axis. */
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

/** Elements as a device stores them. */
export function toElements(values: ArrayLike<number | boolean | bigint>, dtype: DType): Elements {
  if (dtype === "float32") return values instanceof Float32Array ? values : Float32Array.from(values, Number);
  if (dtype === "bool") return Int32Array.from(values, (value) => (value ? 1 : 0));
  return values instanceof Int32Array ? values : Int32Array.from(values, Number);
}

/** A tensor of `shape` from elements in row-major order. @throws ShapeError if their number does not fit. */
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
 * A tensor from nested arrays of numbers (float32) or booleans (bool), a number,
 * or a typed array (rank 1; 64-bit floats are narrowed, whole numbers are int32).
 * @throws ShapeError for rows of unequal length.
 */
export function tensor(data: TensorData, options: TensorOptions & { shape?: Shape } = {}): Tensor {
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

/** Every element `value`; the dtype follows it (a boolean gives bool), float32 for numbers. */
export function full(shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  const { dtype = typeof value === "boolean" ? "bool" : "float32", device = defaultDevice() } = options;
  return apply(fillOp, [], { shape, dtype, value: Number(value) }, device);
}

/** Every element 0, float32 unless told otherwise. */
export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  return filled("zeros", shape, 0, options);
}

/** Every element 1, float32 unless told otherwise. */
export function ones(shape: Shape, options?: TensorOptions): Tensor {
  return filled("ones", shape, 1, options);
}

/** As `full`; what is too large is an error of the function that was called. */
function filled(name: string, shape: Shape, value: number, options?: TensorOptions): Tensor {
  try {
    return full(shape, value, options);
  } catch (error) {
    throw error instanceof DeviceMemoryError ? new DeviceMemoryError(name, error.needed, error.available) : error;
  }
}

/** `[0, 1, ..., n - 1]`, int32. @throws ArgumentError unless n is a whole number >= 0. */
export function arange(n: number, { dtype = "int32", device = defaultDevice() }: TensorOptions = {}): Tensor {
  if (!Number.isInteger(n) || n < 0)
    throw new ArgumentError({ at: "arange()", expected: "a whole number >= 0", got: String(n) });
  return apply(arangeOp, [], { shape: [n], dtype }, device);
}

/** The identity matrix `[n, n]`. */
export function eye(n: number, { dtype = "float32", device = defaultDevice() }: TensorOptions = {}): Tensor {
  return apply(eyeOp, [], { shape: [n, n], dtype }, device);
}
