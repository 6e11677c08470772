import { ArgumentError } from "../base/errors";
import type { Tensor } from "../tensor/tensor";

/** Bounds of gradients, at most one of the three; null or 0 is none, as in Keras. */
export interface Clipping {
  /** Scales each parameter's gradient down to this L2 norm. */
  clipNorm?: number | null;
  /** Scales all gradients down together, to this L2 norm of all. */
  globalClipNorm?: number | null;
  /** Holds each element within [-clipValue, clipValue]. */
  clipValue?: number | null;
}

/** @throws ArgumentError for two bounds at once. */
export function checkClipping(at: string, { clipNorm, globalClipNorm, clipValue }: Clipping): void {
  const given = Object.entries({ clipNorm, globalClipNorm, clipValue }).flatMap(([name, bound]) => (bound ? name : []));
  if (given.length > 1)
    throw new ArgumentError({
      at,
      expected: "at most one of clipNorm, globalClipNorm, clipValue",
      got: given.join(" and "),
    });
}

/** `bound / max(norm, bound)`: 1 within the bound. */
function factor(squares: Tensor, bound: number): Tensor {
  return squares.sqrt().maximum(bound).reciprocal().mul(bound);
}

/** Gradients held within the bound; those of several devices share the norm over all. */
export function clipGradients(gradients: readonly Tensor[], bounds: Clipping): readonly Tensor[] {
  const { clipNorm, globalClipNorm, clipValue } = bounds;
  if (clipValue) return gradients.map((gradient) => gradient.clip(-clipValue, clipValue));
  if ((!clipNorm && !globalClipNorm) || gradients.length === 0) return gradients;
  const squares = gradients.map((gradient) => gradient.square().sum());
  if (clipNorm) return gradients.map((gradient, index) => gradient.mul(factor(squares[index]!, clipNorm)));
  const device = squares[0]?.device;
  const all = squares.map((square) => square.to(device!)).reduce((sum, square) => sum.add(square));
  const scale = factor(all, globalClipNorm!);
  return gradients.map((gradient) => gradient.mul(scale.to(gradient.device)));
}
