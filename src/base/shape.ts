import { ShapeError } from "./errors";

/** Lengths of the axes, outermost first; `[]` is the shape of a scalar. Tensors are row-major. */
export type Shape = readonly number[];

/** A shape in which `null` means "any length", as in `[null, 20]`. */
export type PartialShape = readonly (number | null)[];

/** Returns the number of elements: the product of the lengths, 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Returns row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Formats a shape: `[2, 3]`, `[batch, 20]` (a leading null), `[]`. */
export function formatShape(shape: PartialShape): string {
  return `[${shape.map((length, axis) => length ?? (axis === 0 ? "batch" : "?")).join(", ")}]`;
}

export function sameShape(a: PartialShape, b: PartialShape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** The highest rank of a tensor. Shaders receive shapes and strides in uniforms of this length. */
export const maxRank = 8;

/**
 * Checks that all lengths are whole numbers of at least 0 and that the rank is at most 8. @throws ShapeError otherwise.
 */
export function checkShape(shape: Shape, at: string): void {
  if (!Array.isArray(shape) || shape.some((n) => !Number.isSafeInteger(n) || n < 0)) {
    throw new ShapeError({ at, expected: "lengths that are whole numbers >= 0", got: JSON.stringify(shape) });
  }
  if (shape.length > maxRank) {
    throw new ShapeError({ at, expected: `rank at most ${maxRank}`, got: `rank ${shape.length}` });
  }
}

/**
 * Returns the shape of an elementwise result, by NumPy's broadcasting rules. @throws ShapeError if the shapes do not
 * broadcast.
 */
export function broadcastShapes(a: Shape, b: Shape, at: string): number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let axis = 1; axis <= rank; axis++) {
    const left = a.at(-axis) ?? 1;
    const right = b.at(-axis) ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError({
        at,
        expected: "shapes that broadcast (equal lengths or 1, from the last axis)",
        got: `${formatShape(a)} and ${formatShape(b)}`,
        remedy: "Use reshape() or transpose() to line the axes up.",
      });
    }
    result[rank - axis] = left === 1 ? right : left;
  }
  return result;
}

/** Returns strides that read `shape` as if it had shape `target`: 0 along broadcast axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  return target.map((_, axis) => {
    const own = axis - (target.length - shape.length);
    return own < 0 || shape[own] === 1 ? 0 : strides[own]!;
  });
}

/**
 * Returns the axis as an index in 0..rank-1; a negative axis counts from the end. @throws ShapeError if it is out of
 * range.
 */
export function normalizeAxis(axis: number, rank: number, at: string): number {
  const result = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || result < 0 || result >= rank) {
    throw new ShapeError({
      at,
      expected: rank === 0 ? "no axis (the tensor is a scalar)" : `an axis from ${-rank} to ${rank - 1}`,
      got: String(axis),
    });
  }
  return result;
}

/**
 * Returns the axes of a reduction in ascending order: all axes if `axes` is undefined. @throws ShapeError for a
 * repeated axis.
 */
export function normalizeAxes(axes: number | readonly number[] | undefined, rank: number, at: string): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(axis, rank, at));
  if (new Set(list).size !== list.length) {
    throw new ShapeError({ at, expected: "each axis once", got: JSON.stringify(axes) });
  }
  return list.sort((a, b) => a - b);
}

/** Returns the shape after a reduction over `axes`, which keep length 1 if `keepDims`. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  return shape.flatMap((length, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [length]));
}

/**
 * Returns the target shape of a reshape, with one `-1` replaced by the length that fits. @throws ShapeError if none
 * fits.
 */
export function resolveReshape(from: Shape, to: Shape, at: string): number[] {
  const size = sizeOf(from);
  const unknown = to.indexOf(-1);
  const known = to.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const result = [...to];
  if (unknown >= 0 && to.lastIndexOf(-1) === unknown && known > 0) result[unknown] = size / known;
  if (result.some((n) => !Number.isInteger(n) || n < 0) || sizeOf(result) !== size) {
    throw new ShapeError({
      at,
      expected: `a shape of ${size} elements (one length may be -1)`,
      got: `${formatShape(to)} for ${formatShape(from)}`,
      remedy: `Choose lengths whose product is ${size}.`,
    });
  }
  checkShape(result, at);
  return result;
}
