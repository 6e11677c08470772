/** The shader of `matmul`, and how its work is divided into workgroups and parts. */
import { broadcastStrides, type Shape, sizeOf } from "../../base/shape";
import type { ReferenceArray, Shader } from "../../device/backend";

export interface MatmulUniforms {
  rows: number;
  columns: number;
  depth: number;
  /** Strides of A along rows and depth, and of B along depth and columns. */
  aStrides: readonly [number, number];
  bStrides: readonly [number, number];
  /** Number of parts that the depth is split into. */
  parts: number;
  batchShape: readonly number[];
  aBatch: readonly number[];
  bBatch: readonly number[];
}

const words = { part: 8, parts: 9, batches: 10, batchRank: 11, batchShape: 12, aBatch: 20, bBatch: 28, total: 36 };

/**
 * Returns the number of invocations along the columns of a workgroup. With few rows or few columns, all 64 go along the
 * other axis.
 */
function lanesFor({ rows, columns }: Pick<MatmulUniforms, "rows" | "columns">): number {
  if (rows <= 4) return 64;
  return columns <= 4 ? 1 : 8;
}

function partLength({ depth, parts }: MatmulUniforms): number {
  return Math.ceil(depth / parts);
}

function pack(uniforms: MatmulUniforms): Uint32Array<ArrayBuffer> {
  const { rows, columns, depth, aStrides, bStrides, parts, batchShape, aBatch, bBatch } = uniforms;
  const packed = new Uint32Array(words.total);
  packed.set([rows, columns, depth, lanesFor(uniforms), ...aStrides, ...bStrides]);
  packed[words.part] = partLength(uniforms);
  packed[words.parts] = parts;
  packed[words.batches] = sizeOf(batchShape);
  packed[words.batchRank] = batchShape.length;
  packed.set(batchShape, words.batchShape);
  packed.set(aBatch, words.aBatch);
  packed.set(bBatch, words.bBatch);
  return packed;
}

/** One matrix of the batch, and the part of its depth that is summed. */
interface Part {
  aOffset: number;
  bOffset: number;
  /** Position of its elements in the result. */
  at: number;
  from: number;
  to: number;
}

/** Returns the rows of B in order: B itself, or a copy if it is read transposed. */
function rowsInOrder(b: ReferenceArray, offset: number, { depth, columns, bStrides }: MatmulUniforms): ReferenceArray {
  if (bStrides[1] === 1) return b.subarray(offset, offset + depth * columns);
  const copy = new (b.constructor as Float64ArrayConstructor)(depth * columns);
  for (let k = 0; k < depth; k++) {
    for (let c = 0; c < columns; c++) copy[k * columns + c] = b[offset + k * bStrides[0] + c * bStrides[1]]!;
  }
  return copy;
}

/** Multiplies row by row. Sums are float64 and rounded once; whole numbers wrap at each step. */
function multiplyPart(
  a: ReferenceArray,
  b: ReferenceArray,
  result: ReferenceArray,
  { aOffset, bOffset, at, from, to }: Part,
  uniforms: MatmulUniforms,
): void {
  const { rows, columns, aStrides } = uniforms;
  const right = rowsInOrder(b, bOffset, uniforms);
  const whole = result instanceof Int32Array;
  const sums = whole ? new Int32Array(columns) : new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let k = from; k < to; k++) {
      const factor = a[aOffset + row * aStrides[0] + k * aStrides[1]]!;
      const start = k * columns;
      if (whole) for (let c = 0; c < columns; c++) sums[c]! += Math.imul(factor, right[start + c]!);
      else for (let c = 0; c < columns; c++) sums[c]! += factor * right[start + c]!;
    }
    result.set(sums, at + row * columns);
  }
}

export const matmulShader: Shader<MatmulUniforms> = {
  name: "matmul",
  link: { file: "ops/matmul" },
  pack,
  reference([a, b], result, uniforms) {
    const { rows, columns, depth, batchShape, aBatch, bBatch, parts } = uniforms;
    const batches = sizeOf(batchShape);
    const length = partLength(uniforms);
    for (let index = 0; index < parts * batches; index++) {
      const from = Math.floor(index / batches) * length;
      const part: Part = {
        aOffset: offsetOf(index % batches, batchShape, aBatch),
        bOffset: offsetOf(index % batches, batchShape, bBatch),
        at: index * rows * columns,
        from,
        to: Math.min(from + length, depth),
      };
      multiplyPart(a!, b!, result, part, uniforms);
    }
  },
  form: (uniforms) => ({ kind: "product", ...uniforms }),
};

function offsetOf(index: number, shape: Shape, strides: readonly number[]): number {
  let rest = index;
  let offset = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    offset += (rest % shape[axis]!) * strides[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return offset;
}

/** Returns the number of workgroups for one part. */
function tiles(uniforms: Pick<MatmulUniforms, "rows" | "columns" | "batchShape">): number {
  const lanes = lanesFor(uniforms);
  return (
    Math.ceil(uniforms.columns / (4 * lanes)) * Math.ceil(uniforms.rows / (256 / lanes)) * sizeOf(uniforms.batchShape)
  );
}

export function workgroupsOf(uniforms: MatmulUniforms): number {
  return tiles(uniforms) * uniforms.parts;
}

/** Splits a long depth if there are few tiles, to use more of the device. A part has at least 128 steps. */
function partsOf(uniforms: Pick<MatmulUniforms, "rows" | "columns" | "batchShape" | "depth">): number {
  const idle = Math.floor(64 / tiles(uniforms));
  return Math.max(1, Math.min(idle, Math.floor(uniforms.depth / 128)));
}

export interface MatmulLayout {
  /** True if the depth must not be split: plans split work themselves. */
  whole?: boolean;
  a: Shape;
  b: Shape;
  transposeA: boolean;
  transposeB: boolean;
  /** Shape of the result, batch included. */
  result: Shape;
}

/** Returns the uniforms for operands of rank 2 or more. */
export function layoutMatmul({ a, b, transposeA, transposeB, result, whole = false }: MatmulLayout): MatmulUniforms {
  const [rows, columns] = result.slice(-2) as [number, number];
  const depth = a.at(transposeA ? -2 : -1)!;
  const batchShape = result.slice(0, -2);
  const batchStrides = (shape: Shape) => {
    const size = shape.at(-1)! * shape.at(-2)!;
    return broadcastStrides(shape.slice(0, -2), batchShape).map((stride) => stride * size);
  };
  const uniforms = {
    rows,
    columns,
    depth,
    aStrides: transposeA ? ([1, rows] as const) : ([depth, 1] as const),
    bStrides: transposeB ? ([1, depth] as const) : ([columns, 1] as const),
    batchShape,
    aBatch: batchStrides(a),
    bBatch: batchStrides(b),
  };
  return { ...uniforms, parts: whole ? 1 : partsOf(uniforms) };
}
