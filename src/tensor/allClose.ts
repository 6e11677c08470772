import { broadcastShapes, broadcastStrides } from "../base/shape";
import { type TensorData, tensor } from "./creation";
import { Operand } from "./tensor";

/** How far two values may differ. */
export interface Tolerances {
  /** Relative tolerance, multiplied by `|b|`. Default 1e-5. */
  rtol?: number;
  /** Absolute tolerance. Default 1e-8. */
  atol?: number;
}

function close(a: number, b: number, { rtol = 1e-5, atol = 1e-8 }: Tolerances): boolean {
  // Infinities are close only to themselves, NaN to nothing.
  return a === b || (Number.isFinite(b) && Math.abs(a - b) <= atol + rtol * Math.abs(b));
}

function tensorOf(x: Operand | TensorData): Operand {
  return x instanceof Operand ? x : tensor(x, { device: "CPU:0" });
}

/**
 * Resolves to true if all elements of `a` and `b` are equal within a tolerance.
 *
 * $|a - b| \le \text{atol} + \text{rtol}\, |b|$ with broadcasting. `rtol` defaults to 1e-5, `atol` to 1e-8. The
 * operands may be on different devices, or plain numbers and arrays. Infinities equal only themselves, and NaN equals
 * nothing. Source: NumPy `allclose`.
 * @throws ShapeError if the shapes do not broadcast.
 * @example
 * const x = tensor([1, 2]);
 * await allClose(x, [1.000001, 2]); // => true
 * await allClose(x, 1, { atol: 0.5 }); // => false
 */
export async function allClose(
  a: Operand | TensorData,
  b: Operand | TensorData,
  tolerances: Tolerances = {},
): Promise<boolean> {
  const [left, right] = [tensorOf(a), tensorOf(b)];
  const shape = broadcastShapes(left.shape, right.shape, "allClose");
  const [x, y] = await Promise.all([left.data(), right.data()]);
  const steps = [left, right].map((operand) => broadcastStrides(operand.shape, shape));
  return everyPair(shape, steps, (i, j) => close(x[i]!, y[j]!, tolerances));
}

/** True if `test` is true at every position. `steps` are the strides of each operand along `shape`. */
function everyPair(
  shape: readonly number[],
  steps: readonly number[][],
  test: (i: number, j: number) => boolean,
  axis = 0,
  i = 0,
  j = 0,
): boolean {
  if (axis === shape.length) return test(i, j);
  for (let k = 0; k < shape[axis]!; k++) {
    if (!everyPair(shape, steps, test, axis + 1, i + k * steps[0]![axis]!, j + k * steps[1]![axis]!)) return false;
  }
  return true;
}
