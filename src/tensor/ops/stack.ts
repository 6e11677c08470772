import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape, normalizeAxis, sameShape } from "../../base/shape";
import { withoutTemporaries } from "../define/temporaries";
import type { Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { concat } from "./concat";

const info: Op["info"] = { description: "Tensors of the same shape joined along a new axis.", source: "NumPy stack" };

/**
 * Tensors of one shape joined along a new axis.
 *
 * Three tensors `[2, 4]` become `[3, 2, 4]`, or `[2, 3, 4]` with `axis` 1. `axis` is the position of the new axis and
 * defaults to 0; a negative one counts from the end. The result has the common dtype, bool < int32 < float32. Source:
 * NumPy `stack`.
 * @throws ShapeError if the shapes differ.
 * @throws ArgumentError for an empty list.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * const rows = [tensor([1, 2]), tensor([3, 4]), tensor([5, 6])];
 * stack(rows); // => [[1, 2], [3, 4], [5, 6]]
 * stack(rows, 1); // => [[1, 3, 5], [2, 4, 6]]
 */
export function stack(xs: readonly Operand[], axis = 0): Tensor {
  const [first] = xs;
  if (!first) throw new ArgumentError({ at: "stack", expected: "at least one tensor", got: "none" });
  const other = xs.find((x) => !sameShape(x.shape, first.shape));
  if (other) {
    throw new ShapeError({
      at: "stack",
      expected: "one shape",
      got: `${formatShape(first.shape)} and ${formatShape(other.shape)}`,
    });
  }
  const at = normalizeAxis(axis, first.shape.length + 1, "stack");
  const shape = first.shape.toSpliced(at, 0, 1);
  return withoutTemporaries(() => {
    const inputs = xs.map((x) => x.asTensor().reshape(shape));
    return concat(inputs, at);
  });
}
stack.op = { name: "stack", info };
