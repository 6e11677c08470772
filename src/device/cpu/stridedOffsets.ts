import { sizeOf } from "../../base/shape";

/** Returns all positions of a strided walk that starts at `offset`, in row-major order. */
export function stridedOffsets(shape: readonly number[], strides: readonly number[], offset: number): Int32Array {
  const positions = new Int32Array(sizeOf(shape));
  if (positions.length === 0) return positions;
  positions[0] = offset;
  // Each axis repeats the positions of its inner axes, so those are computed first and then copied with a shift.
  let made = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    for (let index = 1; index < shape[axis]!; index++) {
      const shift = index * strides[axis]!;
      for (let i = 0; i < made; i++) positions[index * made + i] = positions[i]! + shift;
    }
    made *= shape[axis]!;
  }
  return positions;
}
