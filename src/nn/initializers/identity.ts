import { ShapeError } from "../../base/errors";
import { formatShape, sizeOf } from "../../base/shape";
import { arange, full } from "../../tensor/creation";
import { defineInitializer, type InitializerKind } from "../define/initializer";

/**
 * Sets the diagonal of a matrix to one number and all other elements to 0.
 *
 * Computes $w_{ij} = g$ where $i = j$, else 0, for a shape `[rows, columns]`.
 * @param options `gain`, the number $g$, defaults to 1
 * @throws ArgumentError for an unknown option; the initializer throws ShapeError unless the rank is 2
 * @see Keras `Identity`; PyTorch `eye_`
 * @example
 * initializers.identity({ gain: 2 })([2, 3], { dtype: "float32", key: random.key(0) }); // => [[2, 0, 0], [0, 2, 0]]
 */
export const identity: InitializerKind<{
  /** Factor of the matrix. Default 1. */
  gain?: number;
}> = defineInitializer<{ gain?: number }>(
  {
    kind: "identity",
    title: { en: "Identity", zh: "单位矩阵" },
    description: { en: "One number on the diagonal, zeros elsewhere.", zh: "对角线为同一个数，其余为 0。" },
    source: "Keras Identity",
    fields: [{ name: "gain", title: { en: "Gain", zh: "增益" }, type: "number", default: 1 }],
  },
  ({ gain }, shape, { dtype }) => {
    if (shape.length !== 2) throw new ShapeError({ at: "identity()", expected: "a matrix", got: formatShape(shape) });
    const columns = shape[1]!;
    const index = arange(sizeOf(shape)).cast("float32").reshape(shape);
    const diagonal = arange(shape[0]!)
      .cast("float32")
      .mul(columns + 1)
      .reshape([shape[0]!, 1]);
    const inside = arange(shape[0]!).less(columns).reshape([shape[0]!, 1]);
    return index.equal(diagonal).cast("float32").mul(inside).mul(full([], gain)).cast(dtype);
  },
);
