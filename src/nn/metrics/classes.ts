import type { Operand, Tensor } from "../../tensor/tensor";
import { expectShape } from "../define/loss";

/**
 * Returns the true class of each row, int32, for scores `[..., classes]`: from labels `[...]` or `[..., 1]`, or from
 * one-hot rows.
 * @throws ShapeError for any other shape
 */
export function trueClasses(at: string, yTrue: Operand, { shape }: Operand): Tensor {
  const rows = shape.slice(0, -1);
  if (yTrue.rank === shape.length && yTrue.shape.at(-1) !== 1) {
    expectShape(at, yTrue, shape);
    return yTrue.argmax(-1);
  }
  const labels = yTrue.rank === shape.length ? yTrue.reshape(yTrue.shape.slice(0, -1)) : yTrue;
  expectShape(at, labels, rows);
  return labels.cast("int32");
}

/**
 * Reshapes yTrue to yPred's shape: `[batch]` matches `[batch, 1]`.
 * @throws ShapeError for any other shape
 */
export function alike(at: string, yTrue: Operand, yPred: Operand): Tensor {
  const flat = [yTrue, yPred].map(({ shape }) => (shape.at(-1) === 1 ? shape.slice(0, -1) : shape));
  if (flat[0]!.join() !== flat[1]!.join()) expectShape(at, yTrue, yPred.shape);
  return yTrue.reshape(yPred.shape);
}
