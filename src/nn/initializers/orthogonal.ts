import { ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import { concat } from "../../tensor/ops/concat";
import { orthonormalColumns } from "../../tensor/ops/orthonormalColumns";
import { random } from "../../tensor/randomOps";
import type { Tensor } from "../../tensor/tensor";
import { defineInitializer, type InitializerKind } from "../define/initializer";

/** Columns per dispatch. A single workgroup computes a panel, so wide panels would take too long. */
const panelColumns = 32;

/**
 * Makes the columns of `a` `[rows, columns]`, rows >= columns, orthonormal by Gram-Schmidt, panel by panel.
 *
 * Each panel is projected and orthonormalized twice: once is not enough in float32 (Barlow and Smoktunowicz,
 * Reorthogonalized block classical Gram-Schmidt, 2013). The diagonal of the triangular factor is positive, so the result
 * is uniformly distributed among all orthonormal matrices (Mezzadri 2007).
 */
function orthonormal(a: Tensor): Tensor {
  const [rows, columns] = a.shape as [number, number];
  let q: Tensor | undefined;
  for (let column = 0; column < columns; column += panelColumns) {
    const panel = a.slice([0, column], [rows, Math.min(column + panelColumns, columns)]);
    const once = orthonormalColumns(without(panel, q));
    q = q ? concat([q, orthonormalColumns(without(once, q))], 1) : once;
  }
  return q ?? a;
}

/** Returns `v` without its projection on the columns of `q`. */
function without(v: Tensor, q: Tensor | undefined): Tensor {
  return q ? v.sub(q.matmul(q.transpose().matmul(v))) : v;
}

/**
 * Draws a matrix with orthonormal columns, which keeps lengths and angles; the default of recurrent kernels.
 *
 * $W^\top W = g^2 I$ for a shape `[rows, columns]` with at least as many rows as columns, else $W W^\top = g^2 I$. For
 * a higher rank, all axes but the last count as rows.
 * @param options `gain`, the number $g$, defaults to 1
 * @throws ArgumentError for an unknown option; the initializer throws ShapeError for a rank below 2
 * @see Saxe et al. 2014; Keras `Orthogonal`; PyTorch `orthogonal_`
 * @example
 * const w = initializers.orthogonal()([3, 2], { dtype: "float32", key: random.key(0) });
 * w.transpose().matmul(w); // => [[1, 0], [0, 1]]
 */
export const orthogonal: InitializerKind<{
  /** Factor of the matrix. Default 1. */
  gain?: number;
}> = defineInitializer<{ gain?: number }>(
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
    const q = orthonormal(tall);
    return (rows < columns ? q.transpose() : q).mul(gain).reshape(shape).cast(dtype);
  },
);
