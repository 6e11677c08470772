import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import { ones, tensor } from "../../tensor/creation";
import { outsideScopes } from "../../tensor/scope";
import type { Tensor } from "../../tensor/tensor";
import type { LossFunction } from "../trainingConfig";

/**
 * Returns the loss of a batch whose rows all have weight 1.
 * @throws ArgumentError for a loss that ignores `sampleWeight`.
 */
export function tryWeights(loss: LossFunction, yTrue: Tensor, yPred: Tensor): Tensor {
  let seen = false;
  const options = {
    get sampleWeight() {
      seen = true;
      return ones([yTrue.shape[0]!], { device: yTrue.device });
    },
  };
  const value = loss(yTrue, yPred, options);
  if (seen) return value;
  throw new ArgumentError({
    at: "fit()",
    expected: "a loss that takes { sampleWeight }, for class and sample weights",
    got: loss.name || "a function of two arguments",
    remedy: "Write (yTrue, yPred, { sampleWeight }) => losses.NAME(yTrue, yPred, { sampleWeight }).",
  });
}

/**
 * Returns a class number per row: the label itself for labels `[n]` or `[n, 1]`, the argmax for one-hot rows of shape
 * `[n, classes]`.
 */
async function classesOf(yTrue: Tensor): Promise<ArrayLike<number>> {
  const { shape } = yTrue;
  if (shape.length > 2)
    throw new ShapeError({ at: "fit() classWeight", expected: "y [rows] or [rows, classes]", got: formatShape(shape) });
  const isOneHot = shape.length === 2 && shape[1]! > 1;
  const classes = isOneHot ? yTrue.argmax(-1) : yTrue;
  return classes.data();
}

/**
 * Returns the weight of each row, looked up by its class: float32 `[rows]`. A class that is not listed has weight 1.
 */
export async function weightsOfRows(
  yTrue: Tensor,
  classWeight: Readonly<Record<number, number>> | readonly number[],
): Promise<Tensor> {
  const weights = new Map(Object.entries(classWeight).map(([name, weight]) => [Number(name), weight]));
  for (const [name, weight] of weights) {
    if (Number.isInteger(name) && name >= 0 && weight >= 0) continue;
    throw new ArgumentError({
      at: "fit() classWeight",
      expected: "numbers >= 0 by class number",
      got: `${name}: ${weight}`,
    });
  }
  const classes = await classesOf(yTrue);
  const values = Float32Array.from(classes, (one) => weights.get(one) ?? 1);
  return outsideScopes(() => tensor(values, { device: yTrue.device }));
}
