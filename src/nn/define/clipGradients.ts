import { ArgumentError } from "../../base/errors";
import type { Tensor } from "../../tensor/tensor";

/** Bounds of gradients, at most one of the three; null or 0 means no bound, as in Keras. */
export interface Clipping {
  /** L2 norm, >= 0, to which each parameter's gradient is scaled down. Default null. */
  clipNorm?: number | null;
  /** L2 norm, >= 0, of all gradients together, to which they are scaled down by one factor. Default null. */
  globalClipNorm?: number | null;
  /** Bound, >= 0: each element is clipped to [-clipValue, clipValue]. Default null. */
  clipValue?: number | null;
}

/**
 * Checks that at most one bound is set.
 * @throws ArgumentError for two of them
 */
export function checkClipping(at: string, { clipNorm, globalClipNorm, clipValue }: Clipping): void {
  const given = Object.entries({ clipNorm, globalClipNorm, clipValue }).flatMap(([name, bound]) => (bound ? name : []));
  if (given.length > 1)
    throw new ArgumentError({
      at,
      expected: "at most one of clipNorm, globalClipNorm, clipValue",
      got: given.join(" and "),
    });
}

/** Computes `bound / max(norm, bound)`: 1 within the bound. */
function factor(squares: Tensor, bound: number): Tensor {
  return squares.sqrt().maximum(bound).reciprocal().mul(bound);
}

/** Clips gradients to the bound that is set. A global norm spans the gradients of all devices. */
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
