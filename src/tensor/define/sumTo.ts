import { reducedShape, sameShape, type Shape } from "../../base/shape";
import type { GradientCall } from "../graph";
import type { Tensor } from "../tensor";

/** Undoes broadcasting: sums over the axes that were repeated to get from `shape` to `x.shape`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((length, axis) =>
    axis < lead || (shape[axis - lead] === 1 && length !== 1) ? [axis] : [],
  );
  const summed = axes.length > 0 ? x.sum(axes, true) : x;
  return sameShape(summed.shape, shape) ? summed : summed.reshape(shape);
}

/** Repeats the gradient of a reduction along the axes that were reduced. */
export function spread(gradient: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  return gradient.reshape(reducedShape(shape, axes, true)).broadcastTo(shape);
}

/** The gradient of `max` and `min`, shared equally by the values that tie. */
export function spreadOverChosen({
  inputs,
  result,
  gradient,
  attributes: { axes },
}: GradientCall<{ axes: readonly number[] }>): Tensor {
  const x = inputs[0]!;
  const chosen = x.equal(spread(result, x.shape, axes)).cast("float32");
  return spread(gradient, x.shape, axes).mul(chosen).div(chosen.sum(axes, true));
}
