import { outsideScopes } from "../tensor/scope";
import { tensor, type TensorData } from "../tensor/creation";
import { Operand, type Tensor } from "../tensor/tensor";

/** A value for a block's field that is never trained and never saved. The tensor itself, or one made of numbers. */
export function constant(value: Operand | TensorData): Tensor {
  return outsideScopes(() => {
    if (!(value instanceof Operand)) return tensor(value);
    const given = value.asTensor();
    return given.view(given.shape);
  });
}
