import { tensor, type TensorData } from "../../tensor/creation";
import { outsideScopes } from "../../tensor/scope";
import { Operand, type Tensor } from "../../tensor/tensor";

/**
 * Makes a tensor for a block's field that is neither trained nor saved.
 *
 * A tensor is returned as a view of the same values, anything else as `tensor(value)`. A field of a block may store the
 * tensor for as long as the block lives, and `block.to(device)` moves it.
 * @param value a tensor, a parameter, a number, or a nested or typed array
 * @returns a tensor of the value's shape
 * @throws ShapeError for a nested array that is not rectangular
 * @example
 * class Scaled extends Block {
 *   factors = constant([10, 100]);
 *   forward(x: Tensor) {
 *     return x.mul(this.factors);
 *   }
 * }
 * const block = new Scaled();
 * block.call(tensor([1, 2])); // => [10, 200]
 * block.weights; // => []
 */
export function constant(value: Operand | TensorData): Tensor {
  return outsideScopes(() => {
    if (!(value instanceof Operand)) return tensor(value);
    const given = value.asTensor();
    return given.view(given.shape);
  });
}
