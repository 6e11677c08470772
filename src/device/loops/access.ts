/** Classifies how a loop reads an operand: at its own index, at its row's index, or elsewhere. */
import { sizeOf, stridesOf } from "../../base/shape";
import type { FoldLoop } from "../form";
import type { OperandRead } from "../program";

/** `same`: element i of a loop reads element i. `row`: it reads element floor(i / length). */
export type Access = "same" | "row" | "other";

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  const expected = stridesOf(shape);
  return shape.every((length, axis) => length === 1 || strides[axis] === expected[axis]);
}

/** Returns how a loop over `shape`, with rows of `length` elements, reads an operand. */
export function accessOf(
  { strides, offset }: Omit<OperandRead, "value">,
  shape: readonly number[],
  length: number,
): Access {
  if (offset !== 0) return "other";
  if (isContiguous(shape, strides)) return "same";
  let axis = shape.length;
  let inner = 1;
  while (axis > 0 && strides[axis - 1] === 0 && inner < length) inner *= shape[--axis]!;
  if (inner !== length || length === 1) return "other";
  return isContiguous(shape.slice(0, axis), strides.slice(0, axis)) ? "row" : "other";
}

/** Returns true if a fold's rows are consecutive in memory and each is in order. */
export function isRowByRow({ keptShape, keptStrides, reducedShape, reducedStrides }: FoldLoop): boolean {
  const length = sizeOf(reducedShape);
  const rows = stridesOf(keptShape).map((stride) => stride * length);
  const inOrder = keptShape.every((n, axis) => n === 1 || keptStrides[axis] === rows[axis]);
  return inOrder && isContiguous(reducedShape, reducedStrides);
}
