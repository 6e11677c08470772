import { broadcastShapes, broadcastStrides } from "../base/shape";
import { type TensorData, tensor } from "./creation";
import { Operand } from "./tensor";

export interface Tolerances {
  /** Relative to b. */
  rtol?: number;
  atol?: number;
}

function close(a: number, b: number, { rtol = 1e-5, atol = 1e-8 }: Tolerances): boolean {
  // Infinite values are close to themselves only, NaN to nothing.
  return a === b || (Number.isFinite(b) && Math.abs(a - b) <= atol + rtol * Math.abs(b));
}

function tensorOf(x: Operand | TensorData): Operand {
  return x instanceof Operand ? x : tensor(x, { device: "CPU:0" });
}

/**
 * True if `|a - b| <= atol + rtol |b|` for every element, with broadcasting
 * (NumPy's allclose). The two may be on different devices, and plain numbers.
 * @throws ShapeError if the shapes do not broadcast.
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

/** True if `test` holds at every place; `steps` are each operand's strides along `shape`. */
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
