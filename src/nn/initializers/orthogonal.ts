import { ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import { random } from "../../tensor/random";
import { concat } from "../../tensor/ops/concat";
import type { Tensor } from "../../tensor/tensor";
import { defineInitializer, type InitializerKind } from "../initializer";

/** The part of `v` that no column of `q` accounts for. */
function without(v: Tensor, q: Tensor | undefined): Tensor {
  return q ? v.sub(q.matmul(q.transpose().matmul(v))) : v;
}

/**
 * Columns of `a` [rows, columns], rows >= columns, made orthonormal by Gram-Schmidt.
 * Each is projected twice: once leaves float32's rounding in ("twice is enough",
 * Giraud et al. 2005). The triangular factor's diagonal is positive, so that the
 * result is evenly distributed among all orthonormal ones (Mezzadri 2007).
 */
function orthonormalColumns(a: Tensor): Tensor {
  const [rows, columns] = a.shape as [number, number];
  let q: Tensor | undefined;
  for (let column = 0; column < columns; column++) {
    const v = without(without(a.slice([0, column], [rows, column + 1]), q), q);
    const unit = v.div(v.mul(v).sum().sqrt());
    q = q ? concat([q, unit], 1) : unit;
  }
  return q ?? a;
}

/**
 * A matrix with orthonormal columns (rows, where there are fewer) times `gain`. A
 * higher rank is seen as a matrix of its last axis. @throws ShapeError below rank 2.
 */
export const orthogonal: InitializerKind<{ gain?: number }> = defineInitializer<{ gain?: number }>(
  {
    kind: "orthogonal",
    title: { en: "Orthogonal", zh: "正交" },
    description: { en: "Preserves lengths and angles.", zh: "保持长度与夹角。" },
    formula: "W^\\top W = g^2 I",
    source: "Saxe et al. 2014; Keras Orthogonal",
    fields: [{ name: "gain", title: { en: "Gain", zh: "增益" }, type: "number", default: 1 }],
  },
  ({ gain }, shape, { key, dtype }) => {
    if (shape.length < 2)
      throw new ShapeError({ at: "orthogonal()", expected: "rank 2 or more", got: formatShape(shape) });
    const columns = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
    const tall = random.normal([Math.max(rows, columns), Math.min(rows, columns)], 0, 1, { key });
    const q = orthonormalColumns(tall);
    return (rows < columns ? q.transpose() : q).mul(gain).reshape(shape).cast(dtype);
  },
);
