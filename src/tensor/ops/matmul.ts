import { promote } from "../../base/dtype";
import { ShapeError } from "../../base/errors";
import { broadcastShapes, formatShape, type Shape, sizeOf } from "../../base/shape";
import { costOf } from "../define/cost";
import { layoutMatmul, type MatmulLayout, matmulShader, workgroupsOf } from "../define/matmulShader";
import { defineFold, runFold } from "../define/reduce";
import { sumTo } from "../define/sumTo";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op, type OpCall } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

/** True if the last two axes of an operand are read transposed. */
interface MatmulAttributes {
  transposeA: boolean;
  transposeB: boolean;
}

const addParts = defineFold(
  "sum",
  "add",
  (a, b) => a + b,
  (a, b) => (a + b) | 0,
);

function mismatch(a: Shape, b: Shape): ShapeError {
  return new ShapeError({
    at: "matmul",
    expected: "[..., n, k] and [..., k, m], where k is the same",
    got: `${formatShape(a)} and ${formatShape(b)}`,
  });
}

/**
 * Writes the product of two tensors, read in the layout's shapes, into `result`; also for ops that need a product as
 * one of their steps.
 */
export function runMatmul(
  call: Pick<OpCall<unknown>, "run" | "scratch" | "joined">,
  inputs: readonly Tensor[],
  result: Tensor,
  layout: MatmulLayout,
): void {
  if (result.size === 0) return;
  const uniforms = layoutMatmul({ whole: call.joined, ...layout });
  if (uniforms.parts === 1) {
    call.run(matmulShader, inputs, result, uniforms, workgroupsOf(uniforms));
    return;
  }
  const partial = call.scratch([uniforms.parts, result.size], result.dtype);
  call.run(matmulShader, inputs, partial, uniforms, workgroupsOf(uniforms));
  runFold(call, addParts, partial, result, [0], 0);
}

const matmulOp: Op<MatmulAttributes> = {
  name: "matmul",
  info: {
    description: "The product of two matrices, or of batches of them.",
    formula: "y_{rc} = \\sum_k a_{rk} b_{kc}",
    source: "NumPy matmul",
  },
  infer([a, b], { transposeA, transposeB }) {
    const [rows, depth] = (transposeA ? a!.shape.slice(-2).reverse() : a!.shape.slice(-2)) as [number, number];
    const [other, columns] = (transposeB ? b!.shape.slice(-2).reverse() : b!.shape.slice(-2)) as [number, number];
    if (depth !== other) throw mismatch(a!.shape, b!.shape);
    const batch = broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2), "matmul");
    return { shape: [...batch, rows, columns], dtype: a!.dtype };
  },
  cost: (inputs, result, { transposeA }) =>
    costOf(inputs, result, sizeOf(result.shape) * inputs[0]!.shape.at(transposeA ? -2 : -1)!),
  run(call) {
    const [a, b] = call.inputs as [Tensor, Tensor];
    runMatmul(call, [a, b], call.result, {
      a: a.shape,
      b: b.shape,
      result: call.result.shape,
      ...call.attributes,
    });
  },
  // For y = a b: da = dy b', db = a' dy. The gradient of an operand that is read transposed is transposed too.
  gradient({ inputs, gradient, attributes: { transposeA, transposeB }, needs }) {
    const [a, b] = inputs as [Tensor, Tensor];
    const byA = () =>
      transposeA ? multiply(b, gradient, transposeB, true) : multiply(gradient, b, false, !transposeB);
    const byB = () =>
      transposeB ? multiply(gradient, a, true, transposeA) : multiply(a, gradient, !transposeA, false);
    return [needs(0) ? sumTo(byA(), a.shape) : undefined, needs(1) ? sumTo(byB(), b.shape) : undefined];
  },
};

function multiply(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return apply(matmulOp, [a, b], { transposeA, transposeB });
}

/**
 * The product of two matrices, or of batches of matrices.
 *
 * $y_{rc} = \sum_k a_{rk} b_{kc}$. `[..., n, k]` times `[..., k, m]` becomes `[..., n, m]`; the axes before the last
 * two are batches and broadcast. A vector counts as one row on the left and as one column on the right, and that axis
 * is removed from the result, so the product of two vectors is a scalar. int32 wraps around, bool counts as int32.
 * Source: NumPy `matmul`.
 * @throws ShapeError for a scalar, if the inner lengths differ, or if the batches do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * const a = tensor([[1, 2], [3, 4]]);
 * a.matmul(tensor([[0, 1], [1, 0]])); // => [[2, 1], [4, 3]]
 * a.matmul(tensor([1, 1])); // => [3, 7]
 */
export function matmul(a: Operand, b: Operand): Tensor {
  if (a.shape.length === 0 || b.shape.length === 0) throw mismatch(a.shape, b.shape);
  if (a.shape.at(-1) !== b.shape.at(b.shape.length === 1 ? -1 : -2)) throw mismatch(a.shape, b.shape);
  const dtype = [a.dtype, b.dtype].reduce(promote, "int32");
  return withoutTemporaries(() => {
    const left = cast(a, dtype);
    const right = cast(b, dtype);
    const isRow = a.shape.length === 1;
    const isColumn = b.shape.length === 1;
    const product = multiply(isRow ? left.reshape([1, -1]) : left, isColumn ? right.reshape([-1, 1]) : right);
    const shape = product.shape.slice(0, -2);
    if (!isRow) shape.push(product.shape.at(-2)!);
    if (!isColumn) shape.push(product.shape.at(-1)!);
    return isRow || isColumn ? product.reshape(shape) : product;
  });
}
matmul.op = matmulOp;
