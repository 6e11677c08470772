import { promote } from "../../base/dtype";
import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape, normalizeAxis, sameShape } from "../../base/shape";
import { copyCost } from "../define/cost";
import { insertSlice } from "../define/insertSlice";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op, type TensorSpec } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { cast } from "./cast";

interface ConcatAttributes {
  axis: number;
}

/** Returns `start` along `axis` and 0 along all others. */
function cornerAt(rank: number, axis: number, start: number): number[] {
  return Array.from({ length: rank }, (_, other) => (other === axis ? start : 0));
}

function lengthAlong(inputs: readonly TensorSpec[], axis: number): number {
  return inputs.reduce((sum, input) => sum + input.shape[axis]!, 0);
}

const concatOp: Op<ConcatAttributes> = {
  name: "concat",
  info: { description: "Tensors joined along an existing axis.", source: "NumPy concatenate" },
  infer(inputs, { axis }) {
    const first = inputs[0]!;
    const rest = ({ shape }: TensorSpec) => shape.with(axis, 0);
    const other = inputs.find(
      (input) => input.shape.length !== first.shape.length || !sameShape(rest(input), rest(first)),
    );
    if (other) {
      const expected = `shapes that differ along axis ${axis} only`;
      throw new ShapeError({
        at: "concat",
        expected,
        got: `${formatShape(first.shape)} and ${formatShape(other.shape)}`,
      });
    }
    return { shape: first.shape.with(axis, lengthAlong(inputs, axis)), dtype: first.dtype };
  },
  cost: copyCost,
  run(call) {
    const { axis } = call.attributes;
    call.inputs.forEach((input, index) => {
      insertSlice(call, input, cornerAt(input.shape.length, axis, lengthAlong(call.inputs.slice(0, index), axis)));
    });
  },
  gradient({ inputs, gradient, attributes: { axis }, needs }) {
    return inputs.map(({ shape }, index) => {
      if (!needs(index)) return undefined;
      const begin = cornerAt(shape.length, axis, lengthAlong(inputs.slice(0, index), axis));
      return gradient.slice(
        begin,
        begin.map((from, other) => from + shape[other]!),
      );
    });
  },
};

/**
 * Tensors joined end to end along an axis that they have.
 *
 * `[2, 3]` and `[4, 3]` along axis 0 become `[6, 3]`. `axis` defaults to 0; a negative one counts from the end. The
 * result has the common dtype, bool < int32 < float32. Source: NumPy `concatenate`.
 * @throws ShapeError unless the shapes agree in all other axes.
 * @throws ArgumentError for an empty list.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * concat([tensor([[1, 2]]), tensor([[3, 4], [5, 6]])]); // => [[1, 2], [3, 4], [5, 6]]
 * concat([ones([2, 1]), zeros([2, 2])], 1); // => [[1, 0, 0], [1, 0, 0]]
 */
export function concat(xs: readonly Operand[], axis = 0): Tensor {
  const [first] = xs;
  if (!first) throw new ArgumentError({ at: "concat", expected: "at least one tensor", got: "none" });
  const dtype = xs.map((x) => x.dtype).reduce(promote);
  const along = normalizeAxis(axis, first.shape.length, "concat");
  return withoutTemporaries(() => {
    const inputs = xs.map((x) => cast(x, dtype));
    return apply(concatOp, inputs, { axis: along });
  });
}
concat.op = concatOp;
