import { ShapeError } from "../../base/errors";
import { formatShape, sizeOf } from "../../base/shape";
import { pickCost } from "../define/cost";
import { checkIndices } from "../define/indices";
import { type MapUniforms, mapShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

/** A whole number that may change between replays of a recorded closure. */
export interface RowCursor {
  value: number;
}

interface RowsAttributes {
  start: RowCursor;
  count: number;
}

// Words: position of the first row in the order, elements of a row.
const rows = mapShader(
  "rowsAt",
  {
    element: `fn element(i: u32) -> T {
  let inner = uniforms.words.y;
  return input0[u32(input1[uniforms.words.x + i / inner]) * inner + i % inner];
}`,
  },
  (_, i, { words }, [table, order]) => {
    const [start, inner] = words as [number, number];
    return table![order![start + Math.floor(i / inner)]! * inner + (i % inner)]!;
  },
);

const shader = {
  ...rows,
  form: ({ words }: MapUniforms) => ({ kind: "take" as const, start: words[0]!, inner: words[1]! }),
};

const rowsAtOp: Op<RowsAttributes> = {
  name: "rowsAt",
  info: { description: "Rows of a tensor in a given order, starting at a given position of that order." },
  volatile: ["start"],
  infer: ([table], { count }) => ({ shape: [count, ...table!.shape.slice(1)], dtype: table!.dtype }),
  cost: pickCost,
  run(call) {
    const [table] = call.inputs as [Tensor];
    const strides = call.inputs.map(() => call.result.shape.map(() => 0));
    runMap(call, shader, { words: [call.attributes.start.value, sizeOf(table.shape.slice(1))], strides });
  },
};

/**
 * Returns `table[order[start.value]], ..., table[order[start.value + count - 1]]`: a batch of shuffled rows. A replay
 * takes the rows that `start` refers to at that time. No gradient flows through it.
 * @param order int32 `[n]`, whole numbers below the table's length
 * @throws ShapeError for a scalar table, or more rows than the order has.
 * @throws DTypeError unless the order is int32.
 */
export function rowsAt(table: Operand, order: Operand, start: RowCursor, count: number): Tensor {
  checkIndices("rowsAt", order.dtype);
  if (table.shape.length === 0 || order.shape.length !== 1 || start.value + count > order.size) {
    throw new ShapeError({
      at: "rowsAt",
      expected: "rows, and an order of as many",
      got: `${formatShape(table.shape)}, ${formatShape(order.shape)} from ${start.value}, ${count} rows`,
    });
  }
  return apply(rowsAtOp, [table, order], { start, count });
}
