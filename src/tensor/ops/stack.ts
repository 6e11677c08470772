import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape, normalizeAxis, sameShape } from "../../base/shape";
import { withoutTemporaries } from "../define/temporaries";
import type { Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { concat } from "./concat";

const info: Op["info"] = { description: "Tensors of the same shape joined along a new axis.", source: "NumPy stack" };

/**
 * Tensors of one shape side by side along a new axis at place `axis`, in their common dtype.
 * @throws ShapeError if their shapes differ. @throws ArgumentError for an empty list.
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
