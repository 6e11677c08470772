import { ShapeError } from "../../base/errors";
import { formatShape, sameShape, type Shape } from "../../base/shape";
import type { Operand } from "../../tensor/tensor";

/** Losses do not broadcast: [32] against [32, 1] would give [32, 32] and a number that looks right. */
export function checkSameShape(at: string, yTrue: Operand, yPred: Operand): void {
  expectShape(at, yTrue, yPred.shape);
}

/** @throws ShapeError unless yTrue has this shape. */
export function expectShape(at: string, yTrue: Operand, shape: Shape): void {
  if (sameShape(yTrue.shape, shape)) return;
  throw new ShapeError({
    at,
    expected: `yTrue ${formatShape(shape)}`,
    got: formatShape(yTrue.shape),
    remedy: "Use reshape() on one of them.",
  });
}
