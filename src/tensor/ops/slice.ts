import { ShapeError } from "../../base/errors";
import { formatShape, type Shape, stridesOf } from "../../base/shape";
import { pickCost } from "../define/cost";
import { copyShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

interface SliceAttributes {
  begin: readonly number[];
  end: readonly number[];
}

const sliceOp: Op<SliceAttributes> = {
  name: "slice",
  info: { description: "The part of a tensor between two corners.", source: "NumPy indexing a:b" },
  infer: ([x], { begin, end }) => ({ shape: begin.map((from, axis) => end[axis]! - from), dtype: x!.dtype }),
  cost: pickCost,
  run(call) {
    const strides = stridesOf(call.inputs[0]!.shape);
    const offset = call.attributes.begin.reduce((sum, from, axis) => sum + from * strides[axis]!, 0);
    runMap(call, copyShader, { strides: [strides], offsets: [offset] });
  },
  gradient({ inputs, gradient, attributes: { begin, end } }) {
    return [gradient.pad(inputs[0]!.shape.map((length, axis) => [begin[axis]!, length - end[axis]!]))];
  },
};

/**
 * Returns a position along an axis by the rules of NumPy's slices: negative ones count from the end, and all are
 * clamped to the axis.
 */
function place(at: number, length: number): number {
  return Math.max(0, Math.min(length, at < 0 ? at + length : at));
}

function checkCorner(shape: Shape, corner: readonly number[]): void {
  if (corner.length <= shape.length && corner.every(Number.isInteger)) return;
  throw new ShapeError({
    at: "slice",
    expected: `at most ${shape.length} whole numbers for ${formatShape(shape)}`,
    got: JSON.stringify(corner),
  });
}

/**
 * The part of a tensor from one corner up to another: `x[begin[0]:end[0], begin[1]:end[1], ...]`.
 *
 * Ends are exclusive, negative positions count from the end, and positions outside an axis are clamped to it. Axes that
 * are left out are not cut, and a single number is used for the first axis. The rank and the dtype are kept. Source:
 * NumPy indexing `a:b`.
 * @throws ShapeError for more positions than axes, or positions that are not whole numbers.
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
 * x.slice(1); // => [[4, 5, 6], [7, 8, 9]]
 * x.slice([0, 1], [2, 3]); // => [[2, 3], [5, 6]]
 * x.slice(-1); // => [[7, 8, 9]]
 */
export function slice(x: Operand, begin: number | readonly number[], end?: number | readonly number[]): Tensor {
  const { shape } = x;
  const first = typeof begin === "number" ? [begin] : begin;
  const last = end === undefined ? [] : typeof end === "number" ? [end] : end;
  checkCorner(shape, first);
  checkCorner(shape, last);
  const from = shape.map((length, axis) => place(first[axis] ?? 0, length));
  const to = shape.map((length, axis) => Math.max(from[axis]!, place(last[axis] ?? length, length)));
  return apply(sliceOp, [x], { begin: from, end: to });
}
slice.op = sliceOp;
