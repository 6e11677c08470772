import { ShapeError } from "../../base/errors";
import { formatShape, sizeOf } from "../../base/shape";
import { arange, full } from "../../tensor/creation";
import { defineInitializer, type InitializerKind } from "../initializer";

/** `gain` on the diagonal of a matrix, 0 elsewhere. @throws ShapeError unless the rank is 2. */
export const identity: InitializerKind<{ gain?: number }> = defineInitializer<{ gain?: number }>(
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
