import { ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import { copyCost } from "../define/cost";
import { runFill } from "../define/runFill";
import { insertSlice } from "../define/insertSlice";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

export interface PadAttributes {
  widths: readonly (readonly [number, number])[];
  value: number;
}

const padOp: Op<PadAttributes> = {
  name: "pad",
  info: { description: "A tensor with a border of one value around it.", source: "NumPy pad" },
  infer: ([x], { widths }) => ({
    shape: x!.shape.map((length, axis) => length + widths[axis]![0] + widths[axis]![1]),
    dtype: x!.dtype,
  }),
  cost: copyCost,
  run(call) {
    const { widths, value } = call.attributes;
    runFill({ ...call, inputs: [] }, value);
    insertSlice(
      call,
      call.inputs[0]!,
      widths.map(([before]) => before),
    );
  },
  gradient({ inputs, gradient, attributes: { widths } }) {
    const begin = widths.map(([before]) => before);
    const end = inputs[0]!.shape.map((length, axis) => begin[axis]! + length);
    return [gradient.slice(begin, end)];
  },
};

/**
 * The tensor with a border of a constant value around it.
 *
 * `widths` has a pair `[before, after]` for each axis: `[2, 3]` with `[[1, 0], [0, 2]]` becomes `[3, 5]`. `value`
 * defaults to 0. The dtype is kept. Source: NumPy `pad`.
 * @throws ShapeError unless there are two whole numbers >= 0 for each axis.
 * @example
 * tensor([[1, 2]]).pad([[0, 1], [1, 1]], 9); // => [[9, 1, 2, 9], [9, 9, 9, 9]]
 */
export function pad(x: Operand, widths: readonly (readonly number[])[], value = 0): Tensor {
  const valid =
    widths.length === x.shape.length &&
    widths.every((pair) => pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0));
  if (!valid) {
    const expected = `[before, after] for each axis of ${formatShape(x.shape)}`;
    throw new ShapeError({ at: "pad", expected, got: JSON.stringify(widths) });
  }
  return apply(padOp, [x], { widths: widths as PadAttributes["widths"], value });
}
pad.op = padOp;
